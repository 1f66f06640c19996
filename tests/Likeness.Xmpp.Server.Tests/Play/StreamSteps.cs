using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Connections: opened, logged in, secured, ended.</summary>
internal static partial class StreamSteps
{
    public static readonly Step[] All =
    [
        new("* opens a connection", (scene, words, _) => scene.Connect(words[0])),
        new("* opens a stream", (scene, words, _) => OpenStream(scene, words[0])),
        new("* opens the stream again", (scene, words, _) => scene.Actor(words[0]).OpenStream()),
        new("* sends raw", (scene, words, block) => SendRaw(scene, words[0], block)),
        new("* starts TLS", (scene, words, _) => scene.Actor(words[0]).StartTls()),
        new("* connects", (scene, words, _) => LogIn(scene, words[0])),
        new("* comes online", (scene, words, _) => ComeOnline(scene, words[0])),
        new("* disconnects", (scene, words, _) => Disconnect(scene, words[0])),
        new("* hangs up", (scene, words, _) => scene.Actor(words[0]).HangUp()),
        new("* is disconnected", (scene, words, _) => EndOfStream(scene, words[0])),
        new("*'s stream ends with *", (scene, words, _) => StreamError(scene, words[0], words[1])),
    ];

    private static async Task OpenStream(Scene scene, string name)
    {
        var actor = await scene.Connect(name);
        await actor.OpenStream();
    }

    private static async Task SendRaw(Scene scene, string name, string block)
    {
        var text = scene.Placeholders.Fill(block);
        var bytes = new List<byte>();
        var at = 0;
        foreach (Match escape in Escapes().Matches(text))
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text[at..escape.Index]));
            bytes.Add(escape.Value == "\\n" ? (byte)'\n' : byte.Parse(escape.ValueSpan[2..], NumberStyles.HexNumber));
            at = escape.Index + escape.Length;
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(text[at..]));
        await scene.Actor(name).Send(bytes.ToArray(), text);
    }

    private static async Task<Actor> LogIn(Scene scene, string name)
    {
        var actor = await scene.Connect(name);
        using var quiet = scene.Conversation.Pause();
        await LogIn(actor);
        return actor;
    }

    /// <summary>Logs in and binds, as the actor's name says.</summary>
    public static async Task LogIn(Actor actor)
    {
        var parts = actor.Name.Split('/', 2);
        await actor.OpenStream();
        await Expect(actor, "features", Ns.Streams);
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{parts[0]}\0{TestCredentials.Password}"));
        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{plain}</auth>");
        await Expect(actor, "success", Ns.Sasl);
        await actor.OpenStream();
        await Expect(actor, "features", Ns.Streams);
        var resource = parts.Length > 1 ? $"<resource>{parts[1]}</resource>" : "";
        await actor.Send($"<iq type='set' id='bind'><bind xmlns='{Ns.Bind}'>{resource}</bind></iq>");
        var bound = await Expect(actor, "iq", Ns.Client);
        actor.IsBound = bound["type"] == "result" ? true : throw new TranscriptException($"Binding was refused: {bound}");
    }

    // Initial presence, and what everybody hears of it before the play goes on.
    private static async Task ComeOnline(Scene scene, string name)
    {
        var actor = scene.Actors.FirstOrDefault(known => known.Name == name && !known.IsOver) ?? await LogIn(scene, name);
        await scene.FenceAll();
        await actor.Send("<presence/>");
        await scene.FenceAll();
        actor.Drop(IsAvailable);
        foreach (var other in scene.Actors)
        {
            other.Drop(element => IsAvailable(element) && element["from"] == $"{CastSteps.Address(name.Split('/')[0])}/{name.Split('/')[^1]}");
        }
    }

    private static bool IsAvailable(Element element) => element.Is("presence", Ns.Client) && element["type"] is null;

    private static async Task Disconnect(Scene scene, string name)
    {
        var actor = scene.Actor(name);
        await actor.Send("</stream:stream>");
        while (await actor.Receive() is not null)
        {
            // What was on its way when the client took leave is of no interest.
        }
    }

    private static async Task EndOfStream(Scene scene, string name)
    {
        if (await scene.Actor(name).Receive() is { } element)
        {
            throw new TranscriptException($"The stream was to be over; received:\n{element}");
        }
    }

    private static async Task StreamError(Scene scene, string name, string condition)
    {
        var error = await Expect(scene.Actor(name), "error", Ns.Streams);
        if (error.Child(condition, Ns.StreamErrors) is null)
        {
            throw new TranscriptException($"Expected the stream error {condition}, received:\n{error}");
        }

        await EndOfStream(scene, name);
    }

    private static async Task<Element> Expect(Actor actor, string element, string ns)
    {
        var received = await actor.Receive();
        return received?.Is(element, ns) == true
            ? received
            : throw new TranscriptException($"Expected <{element} xmlns='{ns}'>, received {received?.ToString() ?? "the end of the stream"}.");
    }

    [GeneratedRegex(@"\\n|\\x[0-9A-Fa-f]{2}", RegexOptions.None, 1000)]
    private static partial Regex Escapes();
}
