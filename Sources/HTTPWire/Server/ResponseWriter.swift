public import Transport

/// Stub.
@EventLoop public final class ResponseWriter { init() {} }
