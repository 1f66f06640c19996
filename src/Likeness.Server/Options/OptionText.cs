using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Npgsql;

namespace Likeness.Server.Options;

/// <summary>Turns the text of a setting into its value; every refusal is a <see cref="FormatException"/> that says why.</summary>
internal static class OptionText
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static string One(IReadOnlyList<string> values) =>
        values is [{ Length: > 0 } value] ? value : throw new FormatException("needs exactly one value");

    /// <summary>The position of the value among <paramref name="words"/>.</summary>
    public static int OneOf(IReadOnlyList<string> values, params string[] words)
    {
        var value = One(values);
        value = value switch
        {
            "true" => "yes",
            "false" => "no",
            _ => value,
        };
        var index = Array.FindIndex(words, word => word.Equals(value, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw new FormatException($"'{value}' is not one of {string.Join(", ", words)}");
    }

    public static bool YesOrNo(IReadOnlyList<string> values) => OneOf(values, "no", "yes") == 1;

    public static int Number(IReadOnlyList<string> values, int least, int most)
    {
        var value = One(values);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"'{value}' is not a whole number from {least} to {most}");
    }

    public static ImmutableArray<string> Files(IReadOnlyList<string> values) =>
        [.. values.Select(value => NamedFile.Problem(value) is { } problem ? throw new FormatException(problem) : Path.GetFullPath(value))];

    public static string File(IReadOnlyList<string> values) => Files([One(values)])[0];

    /// <summary>A PostgreSQL connection string.</summary>
    public static string Database(IReadOnlyList<string> values)
    {
        var value = One(values);
        if (value.Contains("://", StringComparison.Ordinal))
        {
            throw new FormatException("a database is named by a connection string, not by a URL");
        }

        try
        {
            var parts = new NpgsqlConnectionStringBuilder(value);
            return parts.Count > 0 ? value : throw new FormatException("says no host and no database");
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw new FormatException($"is not a connection string: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    public static ImmutableArray<string> Domains(IReadOnlyList<string> values) =>
        values.Count == 0 ? throw new FormatException("needs at least one domain") : [.. values.Select(Domain).Distinct(StringComparer.Ordinal)];

    public static string Domain(string value)
    {
        try
        {
            Idn.GetAscii(value.TrimEnd('.'));
            return value.TrimEnd('.').ToLowerInvariant();
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"'{value}' is not a domain name", exception);
        }
    }

    /// <summary>A host name in lower-case A-labels.</summary>
    public static string Host(string value) => Idn.GetAscii(Domain(value)).ToLowerInvariant();

    public static ImmutableArray<IPEndPoint> Listeners(IReadOnlyList<string> values) =>
        values is ["off"] ? [] : [.. values.Select(Listener)];

    /// <summary>A single address is a network of its own.</summary>
    public static ImmutableArray<IPNetwork> Networks(IReadOnlyList<string> values) => [.. values.Select(Network)];

    private static IPNetwork Network(string value) => IPAddress.TryParse(value, out var address)
        ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(value, out var network) ? network : throw new FormatException($"'{value}' is not an IP address or network");

    private static IPEndPoint Listener(string value)
    {
        var colon = value.LastIndexOf(':');
        if (colon >= 0 && ushort.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            switch (value[..colon])
            {
                case "*" or "":
                    return new IPEndPoint(IPAddress.IPv6Any, port);
                case "localhost":
                    return new IPEndPoint(IPAddress.Loopback, port);
                case var text when IPAddress.TryParse(text, out var address):
                    return new IPEndPoint(address, port);
            }
        }

        throw new FormatException($"'{value}' is not ADDRESS:PORT");
    }
}
