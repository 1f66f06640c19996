namespace Likeness.Http.FastPath;

/// <summary>How long a connection may let us wait, in seconds.</summary>
/// <param name="IdleSeconds">Between requests.</param>
/// <param name="HeadSeconds">From a request's first byte to its last.</param>
/// <param name="SendSeconds">While the client takes in no more than it has.</param>
internal sealed record FastPathLimits(int IdleSeconds, int HeadSeconds, int SendSeconds = 30);
