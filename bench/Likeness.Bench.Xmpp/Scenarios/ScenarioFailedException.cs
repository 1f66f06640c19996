namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>The server did not do what the scenario demands; told in the report.</summary>
sealed class ScenarioFailedException(string message) : Exception(message);
