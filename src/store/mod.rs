//! What the program keeps and reads: config, roster and state.
