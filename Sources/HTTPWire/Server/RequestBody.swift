public import Transport

/// Stub.
@EventLoop public final class RequestBody { init() {} }
