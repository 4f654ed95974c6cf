import Testing

/// The built programs from the outside. Each group runs its tests one after the other, the groups beside each other:
/// most of their time is waiting for leases.
@Suite("End to end")
enum EndToEnd {}
