-- Another number with every change of what is said of a medium: whoever changes it names the version that they saw.
ALTER TABLE library ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
