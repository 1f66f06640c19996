using System.CommandLine;

namespace Likeness.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal abstract class TeachingCommand(string name, string description) : Command(name, description), ITeaching
{
    public IReadOnlyList<string> Examples { get; init; } = [];
}

internal interface ITeaching
{
    IReadOnlyList<string> Examples { get; }
}
