import Transport

/// Finds the route of a request: a trie over the segments of the path, literal segments before parameters.
///
/// Paths are compared as sent: `/a/` is not `/a`, and an escaped letter matches no literal.
public struct Router: Sendable {
  /// What was found.
  public enum Match: Sendable {
    /// A route, and where its parameters lie in the path.
    case route(Route, [Range<Int>])
    /// OPTIONS on a path without an OPTIONS route: the value for Allow.
    case options(allow: String)
    /// The path is known, the method is not: the value for Allow.
    case methodNotAllowed(allow: String)
    /// No such path.
    case notFound
  }

  private struct Node: Sendable {
    var literals: [(name: [UInt8], node: Int)] = []
    var parameter: Int?
    var routes: [Route] = []
    var allow = ""
  }

  private var nodes = [Node()]
  /// All routes, in the order in which they were added.
  public private(set) var routes: [Route] = []

  /// Makes a router without routes.
  public init() {}

  /// Adds a route.
  ///
  /// - Precondition: no route with this method and shape is there yet.
  public mutating func add(_ route: Route) {
    var index = 0
    for segment in route.segments { index = child(of: index, segment) }
    precondition(
      !nodes[index].routes.contains { $0.method == route.method },
      "\(route.method) \(route.template) is routed twice")
    nodes[index].routes.append(route)
    nodes[index].allow = Self.allow(nodes[index].routes)
    routes.append(route)
  }

  /// Adds a route whose handler may wait; it runs as a task on the loop.
  public mutating func on(
    _ method: HTTPMethod, _ template: String, options: RouteOptions = .standard,
    _ handler: @escaping @EventLoop @Sendable (HTTPRequest) async throws -> HTTPResponse
  ) {
    add(Route(method, template, options: options, handler: .async(handler)))
  }

  /// Adds a route whose handler answers at once, without a task.
  public mutating func immediate(
    _ method: HTTPMethod, _ template: String, options: RouteOptions = .standard,
    _ handler: @escaping @EventLoop @Sendable (HTTPRequest) throws -> HTTPResponse
  ) {
    add(Route(method, template, options: options, handler: .immediate(handler)))
  }

  /// Finds the route for a method and a path as sent; HEAD takes the route of GET when it has none of its own.
  ///
  /// - Complexity: O(length of the path) for templates that do not overlap.
  public func match(_ method: HTTPMethod, _ path: Span<UInt8>) -> Match {
    if path.count == 1, path[0] == UInt8(ascii: "*") { return .options(allow: Self.allow(routes)) }
    var parameters: [Range<Int>] = []
    guard !path.isEmpty, let end = walk(0, path, path.count == 1 ? 2 : 1, &parameters) else { return .notFound }
    let node = nodes[end]
    var fallback: Route?
    for route in node.routes {
      if route.method == method { return .route(route, parameters) }
      if route.method == .get { fallback = route }
    }
    if method == .head, let fallback { return .route(fallback, parameters) }
    return method == .options ? .options(allow: node.allow) : .methodNotAllowed(allow: node.allow)
  }

  /// The node for the path from `position`, which is after a `/`, or beyond the end when no segment is left.
  private func walk(_ node: Int, _ path: Span<UInt8>, _ position: Int, _ parameters: inout [Range<Int>]) -> Int? {
    if position > path.count { return nodes[node].routes.isEmpty ? nil : node }
    var end = position
    while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
    for index in nodes[node].literals.indices {
      guard Self.equals(path, position..<end, nodes[node].literals[index].name) else { continue }
      if let found = walk(nodes[node].literals[index].node, path, end + 1, &parameters) { return found }
      break
    }
    guard end > position, let next = nodes[node].parameter else { return nil }
    parameters.append(position..<end)
    if let found = walk(next, path, end + 1, &parameters) { return found }
    parameters.removeLast()
    return nil
  }

  private static func equals(_ path: Span<UInt8>, _ range: Range<Int>, _ name: [UInt8]) -> Bool {
    guard range.count == name.count else { return false }
    for index in name.indices where path[range.lowerBound + index] != name[index] { return false }
    return true
  }

  private mutating func child(of index: Int, _ segment: Route.Segment) -> Int {
    switch segment {
    case .literal(let name):
      if let known = nodes[index].literals.first(where: { $0.name == name }) { return known.node }
      nodes[index].literals.append((name, nodes.count))
    case .parameter:
      if let known = nodes[index].parameter { return known }
      nodes[index].parameter = nodes.count
    }
    nodes.append(Node())
    return nodes.count - 1
  }

  /// The methods of `routes` in a fixed order, with HEAD where there is GET, and OPTIONS, which every path answers.
  private static func allow(_ routes: [Route]) -> String {
    var methods = Set(routes.map(\.method))
    methods.insert(.options)
    if methods.contains(.get) { methods.insert(.head) }
    return HTTPMethod.allCases.filter(methods.contains).map(\.description).joined(separator: ", ")
  }
}

extension Problem {
  /// 404 for a path that has no route or names nothing.
  static func notFound(path: String) -> Problem {
    Problem(.notFound, "not-found", "There is nothing here", detail: "No resource has the path \(path.prefix(200)).")
  }

  /// 405, or 501 for a method that is not known at all.
  static func methodNotAllowed(_ method: HTTPMethod, allow: String) -> Problem {
    if method == .unknown {
      return Problem(.notImplemented, "method-not-implemented", "The method is not known here")
    }
    return Problem(
      .methodNotAllowed, "method-not-allowed", "The method is not allowed here",
      detail: "Use one of \(allow).", headers: ["Allow": allow])
  }
}
