namespace Likeness.Cli.Checks.Connections;

/// <summary>Judges how an address of a server answered.</summary>
internal interface IConnectionCheck
{
    IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now);
}
