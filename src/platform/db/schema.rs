//! The tables, as the migrations make them; `tests/architecture.rs` compares the two. No query lives here.

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    facts (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    identity_notes (seq) {
        seq -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    regions (id) {
        id -> Text,
        number -> BigInt,
        slug -> Text,
        name -> Text,
        default_language -> Text,
        settings -> Text,
        changed -> BigInt,
    }
}

diesel::table! {
    languages (region_id, tag) {
        region_id -> Text,
        tag -> Text,
        number -> BigInt,
        slug -> Text,
        native_name -> Text,
        source_tag -> Nullable<Text>,
        ordinal -> BigInt,
    }
}

diesel::table! {
    items (id) {
        id -> Text,
        number -> BigInt,
        region_id -> Text,
        kind -> Text,
        parent_id -> Nullable<Text>,
        ord -> Text,
        archived -> Bool,
        stewardship -> Text,
        icon -> Nullable<Text>,
        expires_at -> Nullable<BigInt>,
        changed -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    slugs (region_id, kind, language, slug) {
        region_id -> Text,
        kind -> Text,
        language -> Text,
        slug -> Text,
        item_id -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    revisions (number) {
        number -> BigInt,
        item_id -> Text,
        language -> Text,
        rev -> Nullable<BigInt>,
        body -> Text,
        minor -> Bool,
        via -> Text,
        source_language -> Nullable<Text>,
        source_rev -> Nullable<BigInt>,
        updated_at -> BigInt,
    }
}

diesel::table! {
    translations (item_id, language) {
        item_id -> Text,
        language -> Text,
        public -> Nullable<BigInt>,
    }
}

diesel::table! {
    imported (region_id, source, item) {
        region_id -> Text,
        source -> Text,
        item -> Text,
        item_id -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    calendars (number) {
        number -> BigInt,
        region_id -> Text,
        url -> Text,
        language -> Text,
        categories -> Text,
        every_minutes -> BigInt,
        etag -> Nullable<Text>,
        next_at -> BigInt,
        fails -> BigInt,
        last_error -> Nullable<Text>,
        last_good -> Nullable<BigInt>,
        report -> Nullable<Text>,
    }
}

diesel::table! {
    feedback (number) {
        number -> BigInt,
        region_id -> Text,
        language -> Text,
        subject -> Text,
        item_id -> Nullable<Text>,
        revision -> Nullable<BigInt>,
        rating -> Nullable<Text>,
        comment -> Text,
        query -> Nullable<Text>,
        technical -> Bool,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    bodies (sha256) {
        sha256 -> Text,
        bytes -> Text,
    }
}

diesel::table! {
    body_media (body, medium) {
        body -> Text,
        medium -> Text,
    }
}

diesel::table! {
    body_contacts (body, contact) {
        body -> Text,
        contact -> Text,
    }
}

diesel::table! {
    media (sha256) {
        sha256 -> Text,
        size_bytes -> BigInt,
        mime -> Text,
        source_url -> Nullable<Text>,
    }
}

diesel::table! {
    idle_media (sha256) {
        sha256 -> Text,
    }
}

diesel::table! {
    library (medium) {
        medium -> Text,
        file_name -> Text,
        credit -> Nullable<Text>,
        licence -> Nullable<Text>,
        uploaded_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    library_alts (medium, language) {
        medium -> Text,
        language -> Text,
        alt -> Text,
    }
}

diesel::table! {
    pictures (medium) {
        medium -> Text,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
    }
}

diesel::table! {
    picture_variants (medium, width) {
        medium -> Text,
        width -> BigInt,
        sha256 -> Text,
        mime -> Text,
    }
}

diesel::table! {
    tokens (sha256) {
        sha256 -> Text,
        number -> BigInt,
        name -> Text,
        scopes -> Text,
        region_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        used_on -> Nullable<BigInt>,
        item_id -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (number) {
        number -> BigInt,
        change -> Text,
    }
}

diesel::table! {
    own_feed (name) {
        name -> Text,
        origin -> Text,
        size -> BigInt,
        frontier -> Text,
        note -> Text,
    }
}

diesel::table! {
    own_entries (idx) {
        idx -> BigInt,
        leaf -> Text,
        raw -> Text,
    }
}

diesel::table! {
    own_blobs (sha256) {
        sha256 -> Text,
        object -> Text,
        language -> Text,
        rev -> BigInt,
        kind -> Text,
        state -> Text,
    }
}

diesel::table! {
    peer_nodes (node_id) {
        node_id -> Text,
        name -> Text,
        site_url -> Nullable<Text>,
        state -> Text,
        pinned_at -> BigInt,
        identity_seq -> BigInt,
        why -> Nullable<Text>,
    }
}

diesel::table! {
    peer_identities (node_id, seq, sha256) {
        node_id -> Text,
        seq -> BigInt,
        sha256 -> Text,
        note -> Text,
        seen_at -> BigInt,
        source -> Text,
    }
}

diesel::table! {
    peer_feeds (origin) {
        origin -> Text,
        node_id -> Text,
        url -> Text,
        identity_url -> Text,
        size -> BigInt,
        frontier -> Text,
        note -> Nullable<Text>,
        etag -> Nullable<Text>,
        state -> Text,
        why -> Nullable<Text>,
        filter -> Text,
        next_poll_at -> BigInt,
        lease_until -> BigInt,
        fail_count -> BigInt,
        last_ok_at -> Nullable<BigInt>,
        last_new_at -> Nullable<BigInt>,
        behind_since -> Nullable<BigInt>,
        confirmed_size -> BigInt,
        held_bytes -> BigInt,
        last_error -> Nullable<Text>,
        news -> BigInt,
        moved -> BigInt,
    }
}

diesel::table! {
    peer_entries (origin, idx) {
        origin -> Text,
        idx -> BigInt,
        leaf -> Text,
        raw -> Text,
        op -> Text,
        kind -> Nullable<Text>,
        object -> Nullable<Text>,
        bad_reason -> Nullable<Text>,
    }
}

diesel::table! {
    remote_objects (origin, object) {
        origin -> Text,
        object -> Text,
        idx -> BigInt,
        kind -> Text,
        licence -> Text,
        parent -> Nullable<Text>,
        ord -> Text,
        expires_at -> Nullable<BigInt>,
        state -> Text,
        entry -> Text,
        facets -> Text,
    }
}

diesel::table! {
    remote_heads (origin, object, language) {
        origin -> Text,
        object -> Text,
        language -> Text,
        idx -> BigInt,
        rev -> BigInt,
        body -> Text,
        size_bytes -> BigInt,
        source_language -> Nullable<Text>,
        source_rev -> Nullable<BigInt>,
        via -> Text,
        minor -> Bool,
        major_rev -> BigInt,
        state -> Text,
        ready_body -> Nullable<Text>,
        ready_rev -> Nullable<BigInt>,
        ready_at -> Nullable<BigInt>,
        news -> BigInt,
    }
}

diesel::table! {
    blob_wants (origin, sha256) {
        origin -> Text,
        sha256 -> Text,
        kind -> Text,
        size_bytes -> BigInt,
        tries -> BigInt,
        next_at -> BigInt,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    held_blobs (origin, sha256) {
        origin -> Text,
        sha256 -> Text,
        size_bytes -> BigInt,
    }
}

diesel::table! {
    checkpoints_seen (origin, size, root) {
        origin -> Text,
        size -> BigInt,
        root -> Text,
        note -> Text,
        source -> Text,
        seen_at -> BigInt,
    }
}

diesel::table! {
    evidence (id) {
        id -> Text,
        origin -> Text,
        what -> Text,
        detail -> Text,
        found_at -> BigInt,
    }
}

diesel::table! {
    adoptions (id) {
        id -> Text,
        region_id -> Text,
        parent_id -> Nullable<Text>,
        origin -> Text,
        object -> Text,
        scope -> Text,
        adopted_at -> BigInt,
        kind -> Nullable<Text>,
    }
}

diesel::table! {
    mirrored_feeds (origin) {
        origin -> Text,
        news -> BigInt,
        version -> BigInt,
        understood -> Text,
        ends_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    shown_feeds (origin) {
        origin -> Text,
    }
}

diesel::table! {
    foreign_regions (origin, object) {
        origin -> Text,
        object -> Text,
        region_id -> Text,
        number -> BigInt,
        slug -> Text,
    }
}

diesel::table! {
    mirrors (item_id) {
        item_id -> Text,
        adoption_id -> Text,
        origin -> Text,
        object -> Text,
    }
}

diesel::table! {
    labels (item_id) {
        item_id -> Text,
        licence -> Nullable<Text>,
        attribution -> Nullable<Text>,
        facets -> Text,
    }
}

diesel::table! {
    vocabulary (id) {
        id -> Text,
        number -> BigInt,
        sort -> Text,
        word -> Text,
        names -> Text,
        removed -> Bool,
    }
}

diesel::table! {
    waiting_news (item_id) {
        item_id -> Text,
        region_id -> Text,
        due_at -> BigInt,
        news -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    counters,
    facts,
    identity_notes,
    regions,
    languages,
    items,
    slugs,
    revisions,
    translations,
    imported,
    calendars,
    feedback,
    bodies,
    body_media,
    body_contacts,
    media,
    idle_media,
    library,
    library_alts,
    pictures,
    picture_variants,
    tokens,
    outbox,
    own_feed,
    own_entries,
    own_blobs,
    peer_nodes,
    peer_identities,
    peer_feeds,
    peer_entries,
    remote_objects,
    remote_heads,
    blob_wants,
    held_blobs,
    checkpoints_seen,
    evidence,
    adoptions,
    mirrors,
    labels,
    vocabulary,
    waiting_news,
    mirrored_feeds,
    shown_feeds,
    foreign_regions,
);
