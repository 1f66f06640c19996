using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Threading.Channels;
using Likeness.Cli.Chats;
using Likeness.Imaging;
using Likeness.Libravatar.Fetching;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Commands;

/// <summary>The pictures of chat accounts on any server, as an ordinary client sees and sets them.</summary>
internal sealed class XmppCommand : TeachingCommand
{
    private const int Columns = 40;

    public XmppCommand(Terminal terminal)
        : base("xmpp", "Pictures in chats: sets yours and shows others', on any XMPP server.")
    {
        Add(new XmppSetCommand(terminal));
        Add(new XmppClearCommand(terminal));
        Add(new XmppShowCommand(terminal));
        Add(new XmppFollowCommand(terminal));
        Add(new XmppVisibilityCommand(terminal));
        Examples =
        [
            "likeness xmpp set me.jpg --jid anne@example.org --password-file secret",
            "likeness xmpp show bob@example.net --jid anne@example.org",
        ];
    }

    private static Dictionary<string, string> Row(FollowedAvatar avatar)
    {
        var row = new Dictionary<string, string> { ["jid"] = avatar.Of.Text, ["picture"] = Word(avatar.Knowledge) };
        if (avatar.Knowledge == AvatarKnowledge.Picture)
        {
            row["id"] = avatar.Id!;
            row["type"] = avatar.MediaType ?? "";
            row["bytes"] = avatar.Bytes.Length.ToString(CultureInfo.InvariantCulture);
            row["from"] = avatar.IsFromNode ? "pep" : "vcard";
        }

        return row;
    }

    private static string Said(FollowedAvatar avatar) => avatar.Knowledge switch
    {
        AvatarKnowledge.Picture => string.Create(CultureInfo.InvariantCulture, $"{avatar.Of}: {avatar.MediaType}, {avatar.Bytes.Length} bytes, {avatar.Id}, from {(avatar.IsFromNode ? "the avatar node (XEP-0084)" : "the vCard (XEP-0153)")}"),
        AvatarKnowledge.None => $"{avatar.Of}: no picture",
        _ => $"{avatar.Of}: not known",
    };

    private static string Word(AvatarKnowledge knowledge) => knowledge switch
    {
        AvatarKnowledge.Picture => "yes",
        AvatarKnowledge.None => "none",
        _ => "unknown",
    };

    private static string Access(string word) => word switch { "public" => "open", "contacts" => "presence", _ => "whitelist" };

    private static Option<bool> LinksOf(Command command)
    {
        var links = new Option<bool>("--links") { Description = "Also fetch pictures that are only linked; their servers then see your address." };
        command.Add(links);
        return links;
    }

    // Links are strangers' wishes: public https addresses only, bounded.
    private static async Task<byte[]?> Fetch(Uri link, int maxBytes, CancellationToken cancellationToken)
    {
        using var fetch = new SafeFetch(new SafeFetchOptions { MaxBodyBytes = maxBytes });
        return await fetch.FetchAsync(link, cancellationToken) is FetchResult.Fetched { Image: var image } ? image.Bytes.ToArray() : null;
    }

    private sealed class XmppSetCommand : TeachingCommand
    {
        public XmppSetCommand(Terminal terminal)
            : base("set", "Makes a picture yours wherever chats show it: avatar nodes, vCard, presence.")
        {
            var file = new Argument<string>("FILE") { Description = "A JPEG, PNG, WebP or GIF; it is cropped square and made as small as servers take it." };
            var visibility = new Option<string?>("--visibility") { Description = "Who may see it. Without it: who may now, everybody at first.", HelpName = "WHO" };
            visibility.AcceptOnlyFromAmong("public", "contacts", "nobody");
            Add(file);
            Add(visibility);
            var json = JsonOption.AddTo(this);
            var login = new ChatLogin(this, terminal);
            SetAction(async (parsed, cancellationToken) =>
            {
                var picture = await NamedFile.Read(parsed.GetRequiredValue(file), cancellationToken);
                await using var renderer = RenderWorkerCommand.Renderer();
                MakeAvatarPng make = async (source, edge, bytes, stop) => (await renderer.Render(RenderRequest.InBand(source, edge, bytes), stop)).Bytes.ToArray();

                // What is no picture is told before somebody types a password.
                await make(picture, OwnAvatar.MaxVCardEdge, OwnAvatar.MaxVCardBytes, cancellationToken);
                return await login.Run(
                    parsed,
                    follows: false,
                    async client =>
                    {
                        var own = await OwnAvatar.Begin(client, make, cancellationToken);
                        var id = await own.Set(picture, parsed.GetValue(visibility) is { } who ? Access(who) : null, cancellationToken: cancellationToken);
                        var row = new Dictionary<string, string> { ["jid"] = client.Address.BareText, ["id"] = id, ["pep"] = Word(own.HasNodes), ["conversion"] = Word(own.IsConverted) };
                        await terminal.Out.WriteLineAsync(json.Wanted(parsed) ? JsonOption.Line(row) : $"{client.Address.Bare} shows it now: {id}.{(own.HasNodes ? "" : " The server has no avatar nodes: it is in the vCard alone.")}");
                        return ExitCode.Done;
                    },
                    cancellationToken);
            });
            Examples =
            [
                "likeness xmpp set me.jpg --jid anne@example.org",
                "likeness xmpp set me.jpg --jid anne@example.org --password-file secret --visibility contacts",
                "likeness xmpp set me.jpg --jid anne@example.test --connect 127.0.0.1:5222 --ca self-signed.pem",
            ];
        }

        private static string Word(bool yes) => yes ? "yes" : "no";
    }

    private sealed class XmppClearCommand : TeachingCommand
    {
        public XmppClearCommand(Terminal terminal)
            : base("clear", "Takes your picture away everywhere in chats.")
        {
            var json = JsonOption.AddTo(this);
            var login = new ChatLogin(this, terminal);
            SetAction((parsed, cancellationToken) => login.Run(
                parsed,
                follows: false,
                async client =>
                {
                    var own = await OwnAvatar.Begin(client, cancellationToken: cancellationToken);
                    await own.Clear(cancellationToken);
                    var row = new Dictionary<string, string> { ["jid"] = client.Address.BareText, ["picture"] = "none" };
                    await terminal.Out.WriteLineAsync(json.Wanted(parsed) ? JsonOption.Line(row) : $"{client.Address.Bare} shows no picture any more.");
                    return ExitCode.Done;
                },
                cancellationToken));
            Examples = ["likeness xmpp clear --jid anne@example.org"];
        }
    }

    private sealed class XmppShowCommand : TeachingCommand
    {
        public XmppShowCommand(Terminal terminal)
            : base("show", "Draws somebody's chat picture in the terminal, or saves it.")
        {
            var of = new Argument<string>("JID") { Description = "An account on any server that yours reaches." };
            of.Validators.Add(result =>
            {
                if (!Jid.TryParse(result.GetValueOrDefault<string>(), out _))
                {
                    result.AddError("JID is a chat account such as bob@example.net.");
                }
            });
            var output = new Option<string?>("--output", "-o") { Description = "Where to save it as it came; - for standard output.", HelpName = "FILE" };
            Add(of);
            Add(output);
            var links = LinksOf(this);
            var json = JsonOption.AddTo(this);
            var login = new ChatLogin(this, terminal);
            SetAction((parsed, cancellationToken) => login.Run(
                parsed,
                follows: false,
                async client =>
                {
                    var options = new AvatarFollowerOptions { FetchLink = parsed.GetValue(links) ? Fetch : null };
                    var avatar = await AvatarFollower.Look(client, Jid.Parse(parsed.GetRequiredValue(of)), options, cancellationToken);
                    if (avatar.Knowledge != AvatarKnowledge.Picture)
                    {
                        await (json.Wanted(parsed) ? terminal.Out.WriteLineAsync(JsonOption.Line(Row(avatar))) : terminal.Error.WriteLineAsync($"likeness: {Said(avatar)}."));
                        return ExitCode.HasNone;
                    }

                    if (parsed.GetValue(output) == "-")
                    {
                        await using var stream = Console.OpenStandardOutput();
                        await stream.WriteAsync(avatar.Bytes, cancellationToken);
                        return ExitCode.Done;
                    }

                    if (parsed.GetValue(output) is { } path)
                    {
                        await File.WriteAllBytesAsync(path, avatar.Bytes, cancellationToken);
                    }
                    else if (!json.Wanted(parsed))
                    {
                        await terminal.Out.WriteAsync(await AvatarShowCommand.Picture(avatar.Bytes, terminal, Columns, cancellationToken));
                    }

                    await terminal.Out.WriteLineAsync(json.Wanted(parsed) ? JsonOption.Line(Row(avatar)) : Said(avatar));
                    return ExitCode.Done;
                },
                cancellationToken));
            Examples = ["likeness xmpp show bob@example.net --jid anne@example.org", "likeness xmpp show bob@example.net -o bob.png --jid anne@example.org --password-file secret"];
        }
    }

    private sealed class XmppFollowCommand : TeachingCommand
    {
        public XmppFollowCommand(Terminal terminal)
            : base("follow", "Shows your contacts' pictures, and each change of them, until it is interrupted.")
        {
            var links = LinksOf(this);
            var json = JsonOption.AddTo(this);
            var login = new ChatLogin(this, terminal);
            SetAction((parsed, cancellationToken) => login.Run(
                parsed,
                follows: true,
                async client =>
                {
                    var options = new AvatarFollowerOptions { FetchLink = parsed.GetValue(links) ? Fetch : null };
                    await using var follower = await AvatarFollower.Begin(client, options, cancellationToken);

                    // Of each person the last change, however slowly the terminal takes them.
                    var changes = new ConcurrentDictionary<Jid, FollowedAvatar>();
                    var signal = Channel.CreateBounded<bool>(1);
                    follower.Changed += avatar =>
                    {
                        changes[avatar.Of] = avatar;
                        signal.Writer.TryWrite(true);
                    };

                    // Nobody is to write to it: it does not answer.
                    await client.Send(new Element("presence", Ns.Client).Add("show", "dnd").Add("priority", "-1"), cancellationToken);
                    _ = client.Ended.ContinueWith(_ => signal.Writer.TryComplete(), TaskScheduler.Default);
                    try
                    {
                        await foreach (var _ in signal.Reader.ReadAllAsync(cancellationToken))
                        {
                            foreach (var of in changes.Keys)
                            {
                                if (changes.TryRemove(of, out var avatar))
                                {
                                    await Show(avatar, parsed, cancellationToken);
                                }
                            }
                        }
                    }
                    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                    {
                        return ExitCode.Done;
                    }

                    throw new OperationRefusedException("The server ended the session.");
                },
                cancellationToken));
            Examples = ["likeness xmpp follow --jid anne@example.org", "likeness xmpp follow --jid anne@example.org --password-file secret --json"];

            async Task Show(FollowedAvatar avatar, ParseResult parsed, CancellationToken cancellationToken)
            {
                if (terminal.Colours && !json.Wanted(parsed) && avatar.Knowledge == AvatarKnowledge.Picture)
                {
                    await terminal.Out.WriteAsync(await AvatarShowCommand.Picture(avatar.Bytes, terminal, Columns / 2, cancellationToken));
                }

                await terminal.Out.WriteLineAsync(json.Wanted(parsed) ? JsonOption.Line(Row(avatar)) : Said(avatar));
                await terminal.Out.FlushAsync(cancellationToken);
            }
        }
    }

    private sealed class XmppVisibilityCommand : TeachingCommand
    {
        public XmppVisibilityCommand(Terminal terminal)
            : base("visibility", "Says who may see your picture in chats.")
        {
            var who = new Argument<string>("WHO") { Description = "public (rooms and strangers, too), contacts or nobody." };
            who.AcceptOnlyFromAmong("public", "contacts", "nobody");
            Add(who);
            var json = JsonOption.AddTo(this);
            var login = new ChatLogin(this, terminal);
            SetAction((parsed, cancellationToken) => login.Run(
                parsed,
                follows: false,
                async client =>
                {
                    var word = parsed.GetRequiredValue(who);
                    var own = await OwnAvatar.Begin(client, cancellationToken: cancellationToken);
                    try
                    {
                        await own.SetAccess(Access(word), cancellationToken);
                    }
                    catch (StanzaErrorException none) when (none.Condition == StanzaCondition.ItemNotFound)
                    {
                        throw new OperationRefusedException($"{client.Address.Bare} has no picture yet: set one with --visibility {word}.", none);
                    }

                    var row = new Dictionary<string, string> { ["jid"] = client.Address.BareText, ["visibility"] = word, ["conversion"] = own.IsConverted ? "yes" : "no" };
                    var vCard = own.IsConverted || word == "public" ? "" : " Its server does not keep the vCard the same (XEP-0398): a picture there is seen by everybody.";
                    await terminal.Out.WriteLineAsync(json.Wanted(parsed) ? JsonOption.Line(row) : $"The picture of {client.Address.Bare} is seen by {(word == "public" ? "everybody" : word)}.{vCard}");
                    return ExitCode.Done;
                },
                cancellationToken));
            Examples = ["likeness xmpp visibility contacts --jid anne@example.org"];
        }
    }
}
