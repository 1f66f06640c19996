using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>
/// Words in braces. In what is received: <c>{any}</c> matches everything, <c>{name}</c> remembers what it met and must meet the same later.
/// In both directions: <c>{md5 of …}</c>, <c>{sha1 of …}</c>, <c>{sha256 of …}</c>, <c>{base64 of …}</c>; <c>\0</c> inside is a zero byte;
/// <c>{sha1 of base64 …}</c> hashes the bytes behind base64 text; <c>{100 * x}</c> repeats.
/// </summary>
public sealed partial class Placeholders
{
    private ImmutableDictionary<string, string> _met = ImmutableDictionary<string, string>.Empty;

    /// <summary>Fills in everything known; what is not known yet stays as it is.</summary>
    public string Fill(string text) => Braces().Replace(text, match => Value(match.Groups["words"].Value) ?? match.Value);

    public bool Matches(string pattern, string actual)
    {
        if (!pattern.Contains('{', StringComparison.Ordinal))
        {
            return pattern == actual;
        }

        var names = new List<string>();
        var expression = new StringBuilder("^");
        var at = 0;
        var filled = Fill(pattern);
        foreach (Match match in Braces().Matches(filled))
        {
            expression.Append(Regex.Escape(filled[at..match.Index]));
            expression.Append("(.*)");
            names.Add(match.Groups["words"].Value);
            at = match.Index + match.Length;
        }

        expression.Append(Regex.Escape(filled[at..])).Append('$');
        var found = Regex.Match(actual, expression.ToString(), RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        return found.Success && Remember(names, found);
    }

    /// <summary>What an attempt that failed had remembered is forgotten again.</summary>
    public bool Try(Func<bool> attempt)
    {
        var before = _met;
        var succeeded = attempt();
        _met = succeeded ? _met : before;
        return succeeded;
    }

    private bool Remember(List<string> names, Match found)
    {
        for (var index = 0; index < names.Count; index++)
        {
            var value = found.Groups[index + 1].Value;
            if (names[index] == "any")
            {
                continue;
            }

            if (_met.TryGetValue(names[index], out var met) && met != value)
            {
                return false;
            }

            _met = _met.SetItem(names[index], value);
        }

        return true;
    }

    private string? Value(string words)
    {
        if (_met.TryGetValue(words, out var known))
        {
            return known;
        }

        if (words.Split(" * ", 2) is [var count, var repeated] && int.TryParse(count, out var times))
        {
            return string.Concat(Enumerable.Repeat(repeated, times));
        }

        return words.Split(" of ", 2) is [var function, var argument] ? Compute(function, Bytes(Fill(argument))) : null;
    }

    private static byte[] Bytes(string argument) => argument.StartsWith("base64 ", StringComparison.Ordinal)
        ? Convert.FromBase64String(argument["base64 ".Length..])
        : Encoding.UTF8.GetBytes(argument.Replace("\\0", "\0", StringComparison.Ordinal));

    private static string? Compute(string function, byte[] data) => function switch
    {
        "md5" => Convert.ToHexStringLower(MD5.HashData(data)),
        "sha1" => Convert.ToHexStringLower(SHA1.HashData(data)),
        "sha256" => Convert.ToHexStringLower(SHA256.HashData(data)),
        "base64" => Convert.ToBase64String(data),
        _ => null,
    };

    [GeneratedRegex(@"\{(?<words>[^{}]+)\}", RegexOptions.None, 1000)]
    private static partial Regex Braces();
}
