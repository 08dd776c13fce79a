//! One file per thing that must hold between nodes.

mod changes;
mod attribution;
mod labels;
mod news;
mod regions;
mod mirrors;
mod freshness;
mod moving;
mod stick;
mod ending;
mod filters;
mod addresses;
mod pictures;
mod kinds;
mod closure;
mod page_facts;
mod contacts;
mod aggregator;
