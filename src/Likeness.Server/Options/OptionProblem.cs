using System.Collections.Immutable;

namespace Likeness.Server.Options;

/// <summary>What is wrong with one setting.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Source">Where it was said: a flag, a variable or a file.</param>
/// <param name="Example">What would be accepted.</param>
public sealed record OptionProblem(string Key, string Source, string Text, string Example)
{
    public override string ToString() => $"{Key}: {Text} ({Source}); for example: {Example}";
}

/// <summary>The settings cannot be used; says everything that is wrong with them at once.</summary>
public sealed class OptionsRefusedException(ImmutableArray<OptionProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public ImmutableArray<OptionProblem> Problems { get; } = problems;
}
