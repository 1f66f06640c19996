namespace Likeness.Cli.Demo;

/// <summary>One step: what it shows, and the doing, which answers with what was seen or throws.</summary>
internal sealed record DemoStep(string Title, Func<DemoStage, CancellationToken, Task<string>> Play)
{
    /// <summary>The picture itself is drawn after the step.</summary>
    public bool ShowsPicture { get; init; }
}
