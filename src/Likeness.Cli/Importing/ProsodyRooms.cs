using System.Globalization;
using System.Text;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Control;
using Likeness.Xmpp;

namespace Likeness.Cli.Importing;

/// <summary>A room as Prosody keeps it: settings by the short names of <c>muc#roomconfig</c>, and who is what in it.</summary>
internal sealed record ProsodyRoom(string Address, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Affiliations, bool IsKept)
{
    private const int MaxFile = 8 * 1024 * 1024;

    /// <summary>The files of rooms in Prosody's data directory, or in that of one of its services.</summary>
    public static IReadOnlyList<string> Files(string folder)
    {
        IEnumerable<string> services = Directory.Exists(Path.Combine(folder, "config")) ? [folder] : Directory.EnumerateDirectories(folder);
        return [.. services.Select(service => Path.Combine(service, "config")).Where(Directory.Exists).SelectMany(config => Directory.EnumerateFiles(config, "*.dat")).Order(StringComparer.Ordinal)];
    }

    /// <exception cref="FormatException">It is no room.</exception>
    public static ProsodyRoom Read(string path)
    {
        if (new FileInfo(path).Length > MaxFile)
        {
            throw new FormatException("it is larger than a room may be");
        }

        var table = LuaTable.Parse(File.ReadAllText(path));
        if (table.GetValueOrDefault("_jid") is not string address || table.GetValueOrDefault("_data") is not IReadOnlyDictionary<string, object> data)
        {
            throw new FormatException("it is not the file of a room");
        }

        var affiliations = table.Where(entry => entry.Value is "owner" or "admin" or "member" or "outcast").ToDictionary(entry => entry.Key, entry => (string)entry.Value);
        return new ProsodyRoom(address, SettingsOf(data), affiliations, data.GetValueOrDefault("persistent") is true);
    }

    private static SortedDictionary<string, string> SettingsOf(IReadOnlyDictionary<string, object> data)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Take("name", "roomname", value => value as string);
        Take("description", "roomdesc", value => value as string);
        Take("language", "lang", value => value as string);
        Take("hidden", "publicroom", value => Flag(value is not true));
        Take("members_only", "membersonly", value => Flag(value is true));
        Take("moderated", "moderatedroom", value => Flag(value is true));
        Take("changesubject", "changesubject", value => Flag(value is true));
        Take("allow_member_invites", "allowinvites", value => Flag(value is true));
        Take("whois", "whois", value => value is "anyone" ? "anyone" : "moderators");
        Take("history_length", "maxhistoryfetch", value => value is double length ? Math.Clamp(length, 0, 100).ToString("0", CultureInfo.InvariantCulture) : null);
        if (data.GetValueOrDefault("password") is string { Length: > 0 } password)
        {
            (settings["passwordprotectedroom"], settings["roomsecret"]) = ("1", password);
        }

        return settings;

        void Take(string theirs, string ours, Func<object, string?> convert)
        {
            if (data.TryGetValue(theirs, out var value) && convert(value) is { Length: > 0 } converted)
            {
                settings[ours] = converted;
            }
        }
    }

    private static string Flag(bool value) => value ? "1" : "0";
}

/// <summary>Makes the rooms of a Prosody server anew, with who is what in them. A room that is there already is left alone.</summary>
internal sealed class RoomImportRun(Administrator administrator, Terminal terminal, bool isDryRun)
{
    private int _made;
    private int _known;
    private int _refused;

    public async Task<int> Run(IEnumerable<string> files, string? domain, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            try
            {
                var room = ProsodyRoom.Read(file);
                if (domain is null || room.Address.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase))
                {
                    await Import(room, cancellationToken);
                }
            }
            catch (Exception exception) when (exception is FormatException or OperationRefusedException or IOException or UnauthorizedAccessException)
            {
                _refused++;
                await terminal.Error.WriteLineAsync($"{Path.GetFileName(file)}: {exception.Message}");
            }
        }

        await terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(isDryRun ? "Would be: " : "")}{_made} rooms made, {_known} unchanged, {_refused} refused."));
        return _refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task Import(ProsodyRoom room, CancellationToken cancellationToken)
    {
        if (!room.IsKept)
        {
            return;
        }

        var owner = room.Affiliations.FirstOrDefault(one => one.Value == "owner").Key ?? throw new FormatException($"{room.Address} has no owner");
        if (await IsThere(room, cancellationToken))
        {
            _known++;
            return;
        }

        var others = room.Affiliations.Where(one => one.Key != owner).OrderBy(one => one.Key, StringComparer.Ordinal).ToArray();
        if (!isDryRun)
        {
            await administrator.Run(new CreateRoom(room.Address, owner, room.Settings), cancellationToken);
            foreach (var (person, affiliation) in others)
            {
                await administrator.Run(new AffiliatePerson(room.Address, person, affiliation, null), cancellationToken);
            }
        }

        _made++;
        await terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"made       {room.Address}  {room.Settings.Count} settings, {others.Length + 1} affiliations"));
    }

    private async Task<bool> IsThere(ProsodyRoom room, CancellationToken cancellationToken)
    {
        if (!Jid.TryParse(room.Address, out var address))
        {
            throw new FormatException($"'{room.Address}' is no address of a room");
        }

        var rooms = await administrator.Run(new ListRooms(), cancellationToken);
        return rooms.Rows!.Any(row => row["room"] == address.Text);
    }
}

/// <summary>Data as Prosody writes it: <c>return { ["name"] = value; … };</c>, of text, numbers, truth values and further tables. Nothing is run.</summary>
internal sealed class LuaTable
{
    private const int MaxDepth = 20;
    private readonly string _text;
    private int _at;

    private LuaTable(string text) => _text = text;

    /// <summary>Entries by name; those without one by their number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyDictionary<string, object> Parse(string text)
    {
        var reader = new LuaTable(text);
        reader.Word("return");
        return reader.Table(0);
    }

    private Dictionary<string, object> Table(int depth)
    {
        Take('{');
        var table = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var number = 1; Peek() != '}';)
        {
            string name;
            if (Peek() == '[')
            {
                Take('[');
                name = Convert.ToString(Value(depth), CultureInfo.InvariantCulture)!;
                Take(']');
                Take('=');
            }
            else
            {
                name = number++.ToString(CultureInfo.InvariantCulture);
            }

            table[name] = Value(depth);
            if (Peek() is ';' or ',')
            {
                _at++;
            }
        }

        Take('}');
        return table;
    }

    private object Value(int depth)
    {
        switch (Peek())
        {
            case '"':
                return Text();
            case '{':
                return depth < MaxDepth ? Table(depth + 1) : throw Bad();
            case 't':
                Word("true");
                return true;
            case 'f':
                Word("false");
                return false;
            default:
                return Number();
        }
    }

    private double Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '.'))
        {
            _at++;
        }

        return double.TryParse(_text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Bad();
    }

    private string Text()
    {
        Take('"');
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != '"')
        {
            text.Append(_text[_at] == '\\' ? Escaped() : _text[_at++]);
        }

        Take('"');
        return text.ToString();
    }

    private char Escaped()
    {
        if (++_at == _text.Length)
        {
            throw Bad();
        }

        var digits = 0;
        while (digits < 3 && _at + digits < _text.Length && char.IsAsciiDigit(_text[_at + digits]))
        {
            digits++;
        }

        if (digits > 0)
        {
            var code = int.Parse(_text.AsSpan(_at, digits), CultureInfo.InvariantCulture);
            _at += digits;
            return (char)code;
        }

        return _text[_at++] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other };
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : throw Bad();
    }

    private void Take(char expected)
    {
        if (Peek() != expected)
        {
            throw Bad();
        }

        _at++;
    }

    private void Word(string word)
    {
        Peek();
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            throw Bad();
        }

        _at += word.Length;
    }

    private FormatException Bad() => new(string.Create(CultureInfo.InvariantCulture, $"it cannot be read at character {_at}"));
}
