using System.Xml;
using Likeness.Server;
using Likeness.Server.Administration.Bulk;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Importing;

/// <summary>
/// Reads what a chat server exported (XEP-0227 1.1), a person at a time and never more than that in memory: files may be as large as they like, elements
/// may not. A file that is split is followed into files beside it and below, and nowhere else (§5).
/// </summary>
internal static class ServerExport
{
    /// <summary>Characters of one part of a person, such as a vCard with its picture.</summary>
    public const int MaxPart = 8 * 1024 * 1024;

    /// <summary>Characters of one message.</summary>
    public const int MaxMessage = 1024 * 1024;

    /// <summary>Parts of one person.</summary>
    public const int MaxParts = 2000;

    private const string Pie = "urn:xmpp:pie:0";
    private const string Include = "http://www.w3.org/2001/XInclude";

    // Main file, host, user, and one child of it.
    private const int MaxIncludes = 3;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <summary>The files of a folder, or the one file.</summary>
    public static IReadOnlyList<string> Files(string source) => Directory.Exists(source)
        ? [.. Directory.EnumerateFiles(source, "*.xml").Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal).Where(path => !IsPart(path))]
        : [source];

    /// <summary>People in their order; whoever gets one disposes of it. What is wrong with a file is told by the last, which has no address.</summary>
    public static IEnumerable<ExportedAccount> Read(string path)
    {
        var problems = new List<string>();
        using var accounts = ReadMain(path).GetEnumerator();
        while (Next(accounts, problems))
        {
            yield return accounts.Current;
        }

        if (problems.Count > 0)
        {
            yield return new ExportedAccount("", null) { Problems = problems };
        }
    }

    private static bool Next(IEnumerator<ExportedAccount> accounts, List<string> problems)
    {
        try
        {
            return accounts.MoveNext();
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException or OperationRefusedException)
        {
            problems.Add(exception.Message);
            return false;
        }
    }

    private static bool IsPart(string path)
    {
        try
        {
            using var reader = XmlReader.Create(path, Settings);
            return reader.MoveToContent() == XmlNodeType.Element && reader.NamespaceURI == Pie && reader.LocalName is "host" or "user";
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // It is said when its turn comes.
            return false;
        }
    }

    private static IEnumerable<ExportedAccount> ReadMain(string path)
    {
        var folder = Path.GetFullPath(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var reader = XmlReader.Create(path, Settings);
        if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "server-data" || reader.NamespaceURI != Pie)
        {
            throw new OperationRefusedException($"{Path.GetFileName(path)} is no export of a chat server (XEP-0227): it begins with <{reader.LocalName}/> and not with <server-data/>.");
        }

        foreach (var (hosts, level) in Children(reader, folder, 0))
        {
            if (hosts.LocalName == "host" && hosts.NamespaceURI == Pie)
            {
                foreach (var account in ReadHost(hosts, folder, level))
                {
                    yield return account;
                }
            }
            else
            {
                hosts.Skip();
            }
        }
    }

    private static IEnumerable<ExportedAccount> ReadHost(XmlReader reader, string folder, int level)
    {
        var host = reader.GetAttribute("jid") ?? "";
        foreach (var (users, deeper) in Children(reader, folder, level))
        {
            if (users.LocalName == "user" && users.NamespaceURI == Pie)
            {
                yield return ReadUser(users, host, folder, deeper);
            }
            else
            {
                users.Skip();
            }
        }
    }

    private static ExportedAccount ReadUser(XmlReader reader, string host, string folder, int level)
    {
        var account = new ExportedAccount($"{reader.GetAttribute("name")}@{host}", reader.GetAttribute("password"));
        foreach (var (children, _) in Children(reader, folder, level))
        {
            switch (children.LocalName, children.NamespaceURI)
            {
                case ("archive", Pie + "#mam"):
                    ReadMessages(children, account.Archive, account.Problems);
                    break;
                case ("offline-messages", Pie):
                    ReadMessages(children, account.Waiting, account.Problems);
                    break;
                default:
                    Take(account, children);
                    break;
            }
        }

        return account;
    }

    private static void Take(ExportedAccount account, XmlReader reader)
    {
        var name = reader.LocalName;
        if (ElementReader.Read(reader, MaxPart) is not { } element)
        {
            account.Problems.Add($"<{name}/> is larger or deeper than a part may be.");
        }
        else if (account.Parts.Count >= MaxParts)
        {
            account.Problems.Add($"It has more than {MaxParts} parts.");
        }
        else if (element.Is("scram-credentials", Pie + "#scram"))
        {
            account.Keys.Add(new ImportedKeys(element["mechanism"] ?? "", Number(Text("iter-count")), Text("salt"), Text("stored-key"), Text("server-key")));
        }
        else
        {
            account.Parts.Add(element);
        }

        string Text(string child) => element.Child(child)?.Text().Trim() ?? "";
    }

    private static int Number(string text) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void ReadMessages(XmlReader reader, MessageSpool spool, List<string> problems)
    {
        foreach (var message in Elements(reader))
        {
            if (ElementReader.Read(message, MaxMessage) is { } element)
            {
                spool.Add(ElementWriter.ToText(element));
            }
            else
            {
                problems.Add("A message is larger or deeper than a message may be.");
            }
        }
    }

    // Elements inside the one where the reader stands; whoever gets one moves the reader behind it.
    private static IEnumerable<XmlReader> Elements(XmlReader reader)
    {
        var depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            reader.Read();
            yield break;
        }

        reader.Read();
        while (!reader.EOF && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                yield return reader;
            }
            else
            {
                reader.Read();
            }
        }

        reader.Read();
    }

    // The same, with what is included in its place (§5).
    private static IEnumerable<(XmlReader Reader, int Level)> Children(XmlReader reader, string folder, int level)
    {
        foreach (var child in Elements(reader))
        {
            if (child.LocalName != "include" || child.NamespaceURI != Include)
            {
                yield return (child, level);
                continue;
            }

            var path = Included(child, folder, level);
            child.Skip();
            using var included = XmlReader.Create(path, Settings);
            if (included.MoveToContent() == XmlNodeType.Element)
            {
                yield return (included, level + 1);
            }
        }
    }

    private static string Included(XmlReader include, string folder, int level)
    {
        var href = include.GetAttribute("href") ?? "";
        if (include.GetAttribute("parse") is not null || include.GetAttribute("xpointer") is not null || level >= MaxIncludes)
        {
            throw new OperationRefusedException($"'{href}' is included in a way that is not read.");
        }

        var path = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(href)));
        return href.Length > 0 && path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new OperationRefusedException($"'{href}' is outside the folder of the export, and not read.");
    }
}

/// <summary>A person in an export.</summary>
/// <param name="Address">As it is written there.</param>
internal sealed record ExportedAccount(string Address, string? Password) : IDisposable
{
    /// <summary>Of SCRAM.</summary>
    public List<ImportedKeys> Keys { get; } = [];

    /// <summary>Everything else but messages, in the order of the file.</summary>
    public List<Element> Parts { get; } = [];

    public MessageSpool Archive { get; } = new();

    /// <summary>Messages that wait.</summary>
    public MessageSpool Waiting { get; } = new();

    /// <summary>What could not be read.</summary>
    public List<string> Problems { get; init; } = [];

    public void Dispose()
    {
        Archive.Dispose();
        Waiting.Dispose();
    }
}
