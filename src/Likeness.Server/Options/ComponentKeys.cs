using System.Collections.Immutable;
using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>Programs beside the server that answer for a domain each (XEP-0114).</summary>
internal static class ComponentKeys
{
    private const string All = "all settings together";
    private const int MinSecret = 8;

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("component", "none", "irc.example.org=/etc/likeness/irc.secret",
            "A domain that a program beside the server answers for (XEP-0114), and the file with the secret both know; several may be named.",
            (options, values) => options with { Chat = options.Chat with { Components = [.. values.Select(Component)] } })
        {
            Repeatable = true,
            NamesFile = true,
        },
        new("components", "127.0.0.1:5347 where there is a component", "127.0.0.1:5347",
            "Where these programs connect. There is no TLS on it: a loopback address, or a network of your own.",
            (options, values) => options with { Components = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
    ];

    /// <summary>A domain is people's, rooms' or one component's.</summary>
    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        var names = options.Chat.Components.Select(component => component.Domain).ToArray();
        var rooms = options.Chat.Rooms.Services ?? [.. options.ChatDomains.Select(domain => $"rooms.{domain}")];
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var whose = options.Domains.Contains(name) ? "a domain of people"
                : rooms.Contains(name) ? "a domain of rooms"
                : UploadKeys.IsOn(options) && UploadKeys.Services(options).Contains(name) ? "where files are uploaded"
                : names.Count(other => other == name) > 1 ? "named twice"
                : null;
            if (whose is not null)
            {
                yield return new OptionProblem("component", All, $"'{name}' is {whose}", $"irc.{name}=/etc/likeness/irc.secret");
            }
        }
    }

    private static ComponentOptions Component(string value)
    {
        if (value.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at))
        {
            throw new FormatException($"'{value}' is not NAME=FILE");
        }

        return new ComponentOptions(OptionText.Domain(value[..at]), SecretIn(value[(at + 1)..]));
    }

    /// <summary>The secret that is the first line of a file.</summary>
    /// <exception cref="FormatException">There is none, or it is short.</exception>
    public static string SecretIn(string file, int min = MinSecret)
    {
        if (NamedFile.Problem(file) is { } problem)
        {
            throw new FormatException(problem);
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim() is { } secret && secret.Length >= min
                ? secret
                : throw new FormatException($"the first line of '{file}' is the secret, and has at least {min} character{(min == 1 ? "" : "s")}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
