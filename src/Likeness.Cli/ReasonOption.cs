using System.CommandLine;

namespace Likeness.Cli;

/// <summary>Why something is done, for the audit log.</summary>
internal static class ReasonOption
{
    public static Option<string?> AddTo(Command command, string description)
    {
        var reason = new Option<string?>("--reason") { Description = description, HelpName = "TEXT" };
        command.Add(reason);
        return reason;
    }
}
