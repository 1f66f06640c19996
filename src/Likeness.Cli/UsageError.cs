using System.CommandLine;
using System.CommandLine.Parsing;

namespace Likeness.Cli;

/// <summary>What is wrong with a command line, in one line that says what to do.</summary>
internal static class UsageError
{
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(command);
        return $"likeness: {What(parsed, command, path)} Try: {path} --help";
    }

    private static string What(ParseResult parsed, Command command, string path)
    {
        var commands = string.Join(", ", command.Subcommands.Where(below => !below.Hidden).Select(below => below.Name));
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return unknown.StartsWith('-') ? $"{path} has no option '{unknown}'."
                : commands.Length > 0 ? $"{path} has no command '{unknown}'; it has {commands}."
                : $"'{unknown}' is one argument too many for {path}.";
        }

        if (commands.Length > 0 && command.Action is null)
        {
            return $"{path} needs a command: {commands}.";
        }

        var missing = command.Arguments.Where(argument => parsed.CommandResult.Children.OfType<ArgumentResult>().All(result => result.Argument != argument || result.Tokens.Count < argument.Arity.MinimumNumberOfValues)
            && argument.Arity.MinimumNumberOfValues > 0);
        return string.Join(' ', missing.Select(argument => $"<{argument.HelpName ?? argument.Name}>")) is { Length: > 0 } names
            ? $"{path} needs {names}."
            : parsed.Errors[0].Message.TrimEnd('.') + ".";
    }

    private static string PathOf(Command command)
    {
        var path = command.Name;
        for (var above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
        {
            path = $"{above.Name} {path}";
        }

        return path;
    }
}
