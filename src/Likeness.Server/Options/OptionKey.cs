namespace Likeness.Server.Options;

/// <summary>One setting: how it is written, what it means and how its text becomes a value.</summary>
/// <param name="Name">The key in <c>likeness.json</c>; the flag is <c>--name</c>, the variable <c>LIKENESS_NAME</c>.</param>
/// <param name="Default">What holds when nothing is said, in words.</param>
/// <param name="Example">A value that is accepted.</param>
/// <param name="Apply">Puts the values into the options; throws <see cref="FormatException"/> saying what is wrong.</param>
public sealed record OptionKey(
    string Name,
    string Default,
    string Example,
    string Meaning,
    Func<LikenessOptions, IReadOnlyList<string>, LikenessOptions> Apply)
{
    public string Flag => "--" + Name;

    public string Variable => "LIKENESS_" + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>May be given several times.</summary>
    public bool Repeatable { get; init; }

    /// <summary>A flag without a value means yes.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>The example names a file; a file that a value names has to be there.</summary>
    public bool NamesFile { get; init; }

    /// <summary>What a flag without a value means; null: it needs one.</summary>
    public string? Bare
    {
        get => field ?? (IsSwitch ? "yes" : null);
        init;
    }

    /// <summary>Its value may hold a password, and is shown to nobody.</summary>
    public bool IsSecret { get; init; }

    /// <summary>May be said for one domain under <c>policies</c>.</summary>
    public bool PerDomain { get; init; }
}
