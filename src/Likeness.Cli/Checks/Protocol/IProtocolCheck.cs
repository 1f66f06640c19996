namespace Likeness.Cli.Checks.Protocol;

/// <summary>Asks a server a few questions and judges the answers.</summary>
internal interface IProtocolCheck
{
    /// <summary>The id and the line of the report when nothing is found; null: no line.</summary>
    (string Id, string Text)? Fine { get; }

    /// <summary>Everything that is not as it should be.</summary>
    IAsyncEnumerable<Finding> Run(ServerProbe probe, CancellationToken cancellationToken);
}
