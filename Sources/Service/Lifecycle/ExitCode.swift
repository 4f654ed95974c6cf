/// How a program of ours ends, as a number that scripts and supervisors can act upon.
public enum ExitCode: Int32, Sendable, Hashable, CaseIterable {
  /// It did what it was asked to.
  case success = 0
  /// It failed in a way that has no code of its own.
  case failure = 1
  /// The command line is wrong.
  case usage = 2
  /// Part of a batch failed (command-line tools).
  case partial = 3
  /// What was asked for does not exist (command-line tools).
  case notFound = 4
  /// Something that is needed does not answer: Redis (sysexits EX_UNAVAILABLE).
  case unavailable = 69
  /// Trying again later may help (EX_TEMPFAIL).
  case temporaryFailure = 75
  /// The configuration is wrong (EX_CONFIG).
  case configuration = 78
  /// Stopped by a signal: command-line tools by the first one, services at once by the second.
  case interrupted = 130
}
