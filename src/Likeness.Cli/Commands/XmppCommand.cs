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
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Commands;

/// <summary>The pictures of chat accounts on any server, as an ordinary client sees and sets them.</summary>
internal sealed class XmppCommand : TeachingCommand
{
    private const int Columns = 40;
    private static readonly string[] Who = ["public", "contacts", "nobody"];

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
            row["width"] = avatar.Width.ToString(CultureInfo.InvariantCulture);
            row["height"] = avatar.Height.ToString(CultureInfo.InvariantCulture);
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

    /// <summary>One thing done with the account that logs in.</summary>
    private abstract class Act(Terminal terminal, string name, string description) : TeachingCommand(name, description)
    {
        private JsonOption? _json;
        private ChatLogin? _login;
        private bool _follows;

        protected Terminal Terminal => terminal;

        protected static Option<bool> Links => new("--links") { Description = "Also fetch pictures that are only linked; their servers then see your address." };

        protected static AvatarFollowerOptions Following(bool links) => new() { FetchLink = links ? Fetch : null };

        /// <summary>Adds what all of them take, behind their own options.</summary>
        /// <param name="follows">It goes on until it is interrupted, and comes back when the connection is lost.</param>
        protected void AddLogin(bool follows = false)
        {
            (_json, _login, _follows) = (JsonOption.AddTo(this), new ChatLogin(this, terminal), follows);
            SetAction(Run);
        }

        protected virtual Task<int> Run(ParseResult parsed, CancellationToken cancellationToken) =>
            _login!.Run(parsed, _follows, client => Do(client, parsed, cancellationToken), cancellationToken);

        protected abstract Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken);

        protected bool IsJson(ParseResult parsed) => _json!.Wanted(parsed);

        protected Task Say(ParseResult parsed, Dictionary<string, string> row, string line) => terminal.Out.WriteLineAsync(IsJson(parsed) ? JsonOption.Line(row) : line);

        // XEP-0084 §7.3: what is small stays small.
        protected Task<string> Drawn(FollowedAvatar avatar, int columns, CancellationToken cancellationToken) =>
            AvatarShowCommand.Picture(avatar.Bytes, terminal, Math.Min(columns, Math.Min(avatar.Width, avatar.Height)), cancellationToken);

        // Links are strangers' wishes: public https addresses only, bounded.
        private static async Task<byte[]?> Fetch(Uri link, int maxBytes, CancellationToken cancellationToken)
        {
            using var fetch = new SafeFetch(new SafeFetchOptions { MaxBodyBytes = maxBytes });
            return await fetch.FetchAsync(link, cancellationToken) is FetchResult.Fetched { Image: var image } ? image.Bytes.ToArray() : null;
        }
    }

    private sealed class XmppSetCommand : Act
    {
        private readonly Argument<string> _file = new("FILE") { Description = "A JPEG, PNG, WebP, GIF or AVIF; it is cropped square and made as small as servers take it." };
        private readonly Option<string?> _visibility = new("--visibility") { Description = "Who may see it. Without it: who may now, everybody at first.", HelpName = "WHO" };
        private MakeAvatarPng? _make;
        private byte[] _picture = [];

        public XmppSetCommand(Terminal terminal)
            : base(terminal, "set", "Makes a picture yours wherever chats show it: avatar nodes, vCard, presence.")
        {
            _visibility.AcceptOnlyFromAmong(Who);
            Add(_file);
            Add(_visibility);
            AddLogin();
            Examples =
            [
                "likeness xmpp set me.jpg --jid anne@example.org",
                "likeness xmpp set me.jpg --jid anne@example.org --password-file secret --visibility contacts",
                "likeness xmpp set me.jpg --jid anne@example.test --connect 127.0.0.1:5222 --ca self-signed.pem",
            ];
        }

        protected override async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
        {
            _picture = await NamedFile.Read(parsed.GetRequiredValue(_file), cancellationToken);
            await using var renderer = RenderWorkerCommand.Renderer();
            _make = async (source, edge, bytes, stop) => (await renderer.Render(RenderRequest.InBand(source, edge, bytes), stop)).Bytes.ToArray();

            // What is no picture is told before somebody types a password.
            await _make(_picture, OwnAvatar.MaxVCardEdge, OwnAvatar.MaxVCardBytes, cancellationToken);
            return await base.Run(parsed, cancellationToken);
        }

        protected override async Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            var own = await OwnAvatar.Begin(client, _make, cancellationToken);
            var id = await own.Set(_picture, parsed.GetValue(_visibility) is { } who ? Access(who) : null, cancellationToken: cancellationToken);
            var row = new Dictionary<string, string> { ["jid"] = client.Address.BareText, ["id"] = id, ["pep"] = own.HasNodes ? "yes" : "no", ["conversion"] = own.IsConverted ? "yes" : "no" };
            await Say(parsed, row, $"{client.Address.Bare} shows it now: {id}.{(own.HasNodes ? "" : " The server has no avatar nodes: it is in the vCard alone.")}");
            return ExitCode.Done;
        }
    }

    private sealed class XmppClearCommand : Act
    {
        public XmppClearCommand(Terminal terminal)
            : base(terminal, "clear", "Takes your picture away everywhere in chats.")
        {
            AddLogin();
            Examples = ["likeness xmpp clear --jid anne@example.org"];
        }

        protected override async Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            var own = await OwnAvatar.Begin(client, cancellationToken: cancellationToken);
            await own.Clear(cancellationToken);
            await Say(parsed, new() { ["jid"] = client.Address.BareText, ["picture"] = "none" }, $"{client.Address.Bare} shows no picture any more.");
            return ExitCode.Done;
        }
    }

    private sealed class XmppShowCommand : Act
    {
        private readonly Argument<string> _of = new("JID") { Description = "An account on any server that yours reaches." };
        private readonly Option<string?> _output = new("--output", "-o") { Description = "Where to save it as it came; - for standard output.", HelpName = "FILE" };
        private readonly Option<bool> _links = Links;

        public XmppShowCommand(Terminal terminal)
            : base(terminal, "show", "Draws somebody's chat picture in the terminal, or saves it.")
        {
            _of.Validators.Add(result =>
            {
                if (!Jid.TryParse(result.GetValueOrDefault<string>(), out _))
                {
                    result.AddError("JID is a chat account such as bob@example.net.");
                }
            });
            Add(_of);
            Add(_output);
            Add(_links);
            AddLogin();
            Examples = ["likeness xmpp show bob@example.net --jid anne@example.org", "likeness xmpp show bob@example.net -o bob.png --jid anne@example.org --password-file secret"];
        }

        protected override async Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            var avatar = await AvatarFollower.Look(client, Jid.Parse(parsed.GetRequiredValue(_of)), Following(parsed.GetValue(_links)), cancellationToken);
            if (avatar.Knowledge != AvatarKnowledge.Picture)
            {
                await (IsJson(parsed) ? Terminal.Out.WriteLineAsync(JsonOption.Line(Row(avatar))) : Terminal.Error.WriteLineAsync($"likeness: {Said(avatar)}."));
                return ExitCode.HasNone;
            }

            if (parsed.GetValue(_output) == "-")
            {
                await using var stream = Console.OpenStandardOutput();
                await stream.WriteAsync(avatar.Bytes, cancellationToken);
                return ExitCode.Done;
            }

            if (parsed.GetValue(_output) is { } path)
            {
                await File.WriteAllBytesAsync(path, avatar.Bytes, cancellationToken);
            }
            else if (!IsJson(parsed))
            {
                await Terminal.Out.WriteAsync(await Drawn(avatar, Columns, cancellationToken));
            }

            await Say(parsed, Row(avatar), Said(avatar));
            return ExitCode.Done;
        }
    }

    private sealed class XmppFollowCommand : Act
    {
        private readonly Option<bool> _links = Links;

        public XmppFollowCommand(Terminal terminal)
            : base(terminal, "follow", "Shows your contacts' pictures, and each change of them, until it is interrupted.")
        {
            Add(_links);
            AddLogin(follows: true);
            Examples = ["likeness xmpp follow --jid anne@example.org", "likeness xmpp follow --jid anne@example.org --password-file secret --json"];
        }

        protected override async Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            await using var follower = await AvatarFollower.Begin(client, Following(parsed.GetValue(_links)), cancellationToken);

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
        }

        private async Task Show(FollowedAvatar avatar, ParseResult parsed, CancellationToken cancellationToken)
        {
            if (Terminal.Colours && !IsJson(parsed) && avatar.Knowledge == AvatarKnowledge.Picture)
            {
                await Terminal.Out.WriteAsync(await Drawn(avatar, Columns / 2, cancellationToken));
            }

            await Say(parsed, Row(avatar), Said(avatar));
            await Terminal.Out.FlushAsync(cancellationToken);
        }
    }

    private sealed class XmppVisibilityCommand : Act
    {
        private readonly Argument<string> _who = new("WHO") { Description = "public (rooms and strangers, too), contacts or nobody." };

        public XmppVisibilityCommand(Terminal terminal)
            : base(terminal, "visibility", "Says who may see your picture in chats.")
        {
            _who.AcceptOnlyFromAmong(Who);
            Add(_who);
            AddLogin();
            Examples = ["likeness xmpp visibility contacts --jid anne@example.org"];
        }

        protected override async Task<int> Do(XmppClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            var word = parsed.GetRequiredValue(_who);
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
            await Say(parsed, row, $"The picture of {client.Address.Bare} is seen by {(word == "public" ? "everybody" : word)}.{vCard}");
            return ExitCode.Done;
        }
    }
}
