namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>How a hostile file must end.</summary>
internal enum Fate
{
    /// <summary>The gate reads the header and says no: no decoder ever sees it.</summary>
    StopsAtTheGate,

    /// <summary>A worker tries and says no.</summary>
    StopsAtTheWorker,

    /// <summary>Harmless once rendered: strange, but a picture.</summary>
    Rendered,
}

/// <summary>A file that wants to hurt whoever opens it.</summary>
internal sealed record HostileFile(string Name, Fate Fate, Func<byte[]> Make)
{
    /// <summary>Every reason a refusal may give; empty when it is rendered.</summary>
    public RefusalReason[] Reasons { get; init; } = [];

    public static HostileFile Gate(string name, RefusalReason reason, Func<byte[]> make) =>
        new(name, Fate.StopsAtTheGate, make) { Reasons = [reason] };

    /// <summary>Not a picture in the end, whatever the header says.</summary>
    public static HostileFile Damaged(string name, Func<byte[]> make) =>
        new(name, Fate.StopsAtTheWorker, make) { Reasons = [RefusalReason.Undecodable] };

    public static HostileFile Picture(string name, Func<byte[]> make) => new(name, Fate.Rendered, make);

    public override string ToString() => Name;
}
