namespace Likeness.Cli.Demo;

/// <summary>One step: what it shows, and the doing, which answers with what was seen or throws.</summary>
internal sealed record DemoStep(string Title, Func<DemoStage, CancellationToken, Task<string>> Play)
{
    /// <summary>The picture itself is drawn after the step.</summary>
    public bool ShowsPicture { get; init; }
}

/// <summary>A step of the demo showed something else than it should.</summary>
internal sealed class DemoFailedException(string message) : Exception(message)
{
    public static void Unless(bool asExpected, string message)
    {
        if (!asExpected)
        {
            throw new DemoFailedException(message);
        }
    }
}
