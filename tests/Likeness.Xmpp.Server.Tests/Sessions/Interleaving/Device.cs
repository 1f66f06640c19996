using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Sessions.Interleaving;

/// <summary>A client that does as XEP-0198 says: acknowledges, resumes, sends again what was not handled. It remembers all it ever received.</summary>
internal sealed class Device(IPEndPoint server, string user, string resource, Random random, ConcurrentQueue<string> log)
{
    private const string Header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";
    private readonly List<string> _unhandled = [];
    private readonly List<Element> _pending = [];
    private uint _handled;
    private uint _received;
    private string? _streamId;
    private Line? _line;
    private Element? _error;
    private int _fences;

    /// <summary>One for each session, whatever connections it had.</summary>
    public List<List<Receipt>> Sessions { get; } = [];

    /// <summary>Presence as it came.</summary>
    public List<Element> Presences { get; } = [];

    public string Resource => resource;

    public bool IsConnected => _line is not null;

    public bool CanResume => _streamId is not null;

    /// <summary>It was away too long.</summary>
    public bool MayHaveEnded { get; set; }

    /// <summary>A new session under the same resource; what was not handled on the last one is sent again if it is known what was.</summary>
    public async Task LogIn()
    {
        Log("logs in, with its stream if it can");
        var (line, failed) = await Open(_streamId is null ? null : Resumption());
        if (failed is null && _streamId is not null)
        {
            await Resumed(line);
            return;
        }

        if (failed?["h"] is { } h)
        {
            Handled(uint.Parse(h, CultureInfo.InvariantCulture));
        }

        _line = line;
        var again = _unhandled.ToArray();
        await Begin(again);
    }

    /// <summary>A new session that takes the place of the one there was, without a word about it.</summary>
    public async Task LogInAfresh()
    {
        Log("logs in afresh");
        var before = _line;
        (_line, _) = await Open(null);
        await Begin([]);
        if (before is not null)
        {
            await before.Cut(random, "");
        }
    }

    /// <summary>Asks for its session by another line, though the one it has still lives.</summary>
    public async Task Resume()
    {
        Log("resumes a line that lives");
        var before = _line!;
        var (line, failed) = await Open(Resumption());
        failed.ShouldBeNull();
        await before.Cut(random, "");
        await Resumed(line);
    }

    /// <summary>Asks twice at once; the one that gets the session is used.</summary>
    public async Task ResumeTwice()
    {
        Log("resumes twice");
        var both = await Task.WhenAll(Open(Resumption()), Open(Resumption()));
        var won = both.Where(one => one.Failed is null).Select(one => one.Line).ToArray();
        won.Length.ShouldBeGreaterThan(0, "nobody else asks for it");

        // One after the other: the last one has it.
        var winner = won.Length == 1 || await Serves(won[0]) ? won[0] : won[1];
        if (winner != won[0])
        {
            (await Serves(winner)).ShouldBeTrue("one of them has it");
        }

        foreach (var (line, _) in both.Where(one => one.Line != winner))
        {
            await line.Cut(random, "");
        }

        await Resumed(winner);
    }

    /// <summary>The line is cut somewhere in this stanza, or behind it.</summary>
    public async Task CutWhileSending(string last)
    {
        Log($"is cut in {last}");
        _unhandled.Add(last);
        foreach (var element in await _line!.Cut(random, last))
        {
            await Note(element, answers: false);
        }

        _line = null;
    }

    public async Task Close()
    {
        Log("takes leave");
        await Fence();
        await _line!.Send("</stream:stream>");
        while (await _line.Receive() is { } element)
        {
            await Note(element, answers: false);
        }

        (_line, _streamId) = (null, null);
    }

    public async Task Send(string stanza)
    {
        Log($">>> {stanza}");
        _unhandled.Add(stanza);
        await _line!.Send(stanza);
    }

    /// <summary>Everything that the server had for the device is read and acknowledged, and everything sent was handled.</summary>
    public async Task Fence()
    {
        var acknowledged = 0;
        for (var round = 0; round < 2; round++)
        {
            var id = $"fence{++_fences}";
            await Send($"<iq type='get' id='{id}' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
            await _line!.Send("<r xmlns='urn:xmpp:sm:3'/>");
            while (true)
            {
                var element = (await _line.Receive()).ShouldNotBeNull($"{user}/{resource} was cut off: {_error}");
                await Note(element, answers: true);
                if (element["id"] == id)
                {
                    break;
                }
            }

            if (round == 0)
            {
                await Acknowledge();
                acknowledged = Sessions[^1].Count;
            }
        }

        foreach (var receipt in Sessions[^1].Take(acknowledged))
        {
            receipt.IsAcknowledged = true;
        }
    }

    private string Resumption() => $"<resume xmlns='urn:xmpp:sm:3' previd='{_streamId}' h='{_received}'/>";

    private async Task Resumed(Line line)
    {
        _line = line;
        foreach (var stanza in _unhandled)
        {
            await line.Send(stanza);
        }
    }

    private async Task Begin(string[] again)
    {
        await _line!.Send($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>{resource}</resource></bind></iq><enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        Sessions.Add([]);
        Element? enabled;
        while ((enabled = await _line.Receive())?.Name != "enabled")
        {
            // What was sent to the address before counting began.
            Keep(enabled.ShouldNotBeNull());
        }

        (_streamId, _received, _handled) = (enabled["id"], 0, 0);
        _unhandled.Clear();
        MayHaveEnded = false;
        await Send("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
        await Send("<presence/>");
        foreach (var stanza in again.Where(stanza => stanza.StartsWith("<message", StringComparison.Ordinal)))
        {
            await Send(stanza);
        }
    }

    // With an answer to the resumption when one is asked for: null, it came true.
    private async Task<(Line Line, Element? Failed)> Open(string? resume)
    {
        var line = await Line.Open(server);
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{TestCredentials.Password}"));
        await line.Send(Header);
        await line.Send($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{plain}</auth>");
        while ((await line.Receive()).ShouldNotBeNull().Name != "success")
        {
        }

        await line.Send(Header);
        while ((await line.Receive()).ShouldNotBeNull().Name != "features")
        {
        }

        if (resume is null)
        {
            return (line, null);
        }

        await line.Send(resume);
        var answer = (await line.Receive()).ShouldNotBeNull();
        Log($"<<< {answer}");
        if (answer.Name == "resumed")
        {
            Handled(uint.Parse(answer["h"]!, CultureInfo.InvariantCulture));
            return (line, null);
        }

        answer.Name.ShouldBe("failed", answer.ToString());
        return (line, answer);
    }

    private async Task<bool> Serves(Line line)
    {
        _pending.Clear();
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        while (await line.Receive() is { } element)
        {
            if (element.Name == "error")
            {
                return false;
            }

            // What comes is the session's, whoever reads it: only the last connection's counts.
            _pending.Add(element);
            if (element.Name == "a")
            {
                foreach (var one in _pending)
                {
                    await Note(one, answers: false);
                }

                return true;
            }
        }

        return false;
    }

    private void Handled(uint h)
    {
        lock (_unhandled)
        {
            var newly = (int)unchecked(h - _handled);
            newly.ShouldBeInRange(0, _unhandled.Count, "the server handled what it was sent");
            _unhandled.RemoveRange(0, newly);
            _handled = h;
        }
    }

    private async Task Acknowledge()
    {
        await _line!.Send($"<a xmlns='urn:xmpp:sm:3' h='{_received}'/>");
    }

    private void Log(string what) => log.Enqueue($"{user}/{resource} {what}");

    private async Task Note(Element element, bool answers)
    {
        Log($"<<< {element}");
        switch (element.Namespace)
        {
            case Ns.StreamManagement when element.Name == "a":
                Handled(uint.Parse(element["h"]!, CultureInfo.InvariantCulture));
                return;
            case Ns.StreamManagement when element.Name == "r" && answers && random.Next(3) > 0:
                await Acknowledge();
                return;
            case Ns.Client:
                break;
            default:
                _error = element.Name == "error" ? element : _error;
                return;
        }

        _received++;
        if (element.Name == "presence")
        {
            Presences.Add(element);
        }

        Keep(element);
        if (element.Is("iq", Ns.Client) && element["type"] == "get")
        {
            // Without a line it is sent with all that was not handled.
            var answer = $"<iq type='result' id='{element["id"]}' to='{element["from"]}'/>";
            if (answers)
            {
                await Send(answer);
            }
            else
            {
                _unhandled.Add(answer);
            }
        }
    }

    private void Keep(Element element)
    {
        var copy = element.Child("received", Ns.Carbons)?.Child("forwarded", Ns.Forward)?.Child("message", Ns.Client);
        var message = copy ?? element;
        if (message.Is("message", Ns.Client) && message["type"] != "error" && message.Child("body") is { } body)
        {
            Sessions[^1].Add(new Receipt(int.Parse(body.Text(), CultureInfo.InvariantCulture), (message.Child("delay", Ns.Delay) ?? element.Child("delay", Ns.Delay)) is not null));
        }
    }
}

/// <summary>A message that a device received.</summary>
/// <param name="IsLate">It says by itself when it was sent.</param>
internal sealed record Receipt(int Number, bool IsLate)
{
    public bool IsAcknowledged { get; set; }
}
