namespace Likeness.Bench.Xmpp.Results;

/// <summary>One run of one scenario on one server: measured, or failed and why.</summary>
sealed record Run(string Server, string Scenario, int Round, Measurement? Measurement, string? Failure);
