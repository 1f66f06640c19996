using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0050 Ad-Hoc Commands 1.3.0: what people of the server do by filling in forms. Everybody sees the commands that are for them only.</summary>
internal sealed class Xep0050AdHocCommands(IEnumerable<IAdHocCommands> commands, TimeProvider time) : IFeature
{
    private const int MaxForms = 1000;
    private const int MaxFormsPerAccount = 10;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly AdHocCommand[] _commands = [.. commands.SelectMany(some => some.Commands)];
    private readonly Lock _gate = new();

    // The oldest first; there are few, and they are asked for seldom.
    private readonly LinkedList<OpenForm> _open = new();

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Commands);
        registry.ServerFeatures.Add(Ns.DataForms);
        registry.ServerNodeItems.Add(List);
        registry.ServerNodeInfo.Add(Describe);
        registry.OnServerIq("set", "command", Ns.Commands, Execute);
        registry.SessionEnded.Add(Forget);
    }

    private IEnumerable<AdHocCommand> For(Jid? asker) => asker is null ? [] : _commands.Where(command => command.IsFor(asker));

    private Element? List(IqRequest request, string node)
    {
        if (node != Ns.Commands)
        {
            return null;
        }

        var items = new Element("query", Ns.DiscoItems);
        foreach (var command in For(request.Session?.Account.Jid))
        {
            items.Add(new Element("item", Ns.DiscoItems).Set("jid", request.Stanza["to"]).Set("node", command.Node).Set("name", command.Name));
        }

        return items;
    }

    private Element? Describe(IqRequest request, string node) => node == Ns.Commands
        ? Info("command-list", "Commands")
        : For(request.Session?.Account.Jid).FirstOrDefault(command => command.Node == node) is { } known ? Info("command-node", known.Name) : null;

    private static Element Info(string type, string name) => new Element("query", Ns.DiscoInfo)
        .Add(new Element("identity", Ns.DiscoInfo).Set("category", "automation").Set("type", type).Set("name", name))
        .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.Commands))
        .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.DataForms));

    private async ValueTask<Element?> Execute(IqRequest request)
    {
        var asked = request.Payload;
        var command = _commands.FirstOrDefault(known => known.Node == asked["node"]) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        if (request.Session is not { } session || !command.IsFor(session.Account.Jid))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, type: "cancel");
        }

        var id = asked["sessionid"];
        var action = asked["action"] ?? "execute";
        if (action is not ("execute" or "next" or "prev" or "complete" or "cancel"))
        {
            throw Bad("malformed-action");
        }

        if (id is null)
        {
            return action is "execute" ? await Answer(session, command, new CommandCall(session.Account.Jid, DomainOf(request), null)) : throw Bad("bad-sessionid");
        }

        Take(session, command, id, action);
        if (action == "cancel")
        {
            return Reply(command, id, "canceled");
        }

        return DataForm.Find(asked) switch
        {
            { Type: "cancel" } => Reply(command, id, "canceled"),
            { Type: "submit" } form => await Answer(session, command, new CommandCall(session.Account.Jid, DomainOf(request), form), id),
            _ => throw Bad("bad-payload"),
        };
    }

    private async ValueTask<Element> Answer(Session session, AdHocCommand command, CommandCall call, string? id = null)
    {
        var answer = await command.Run(call);
        id ??= StanzaId.New();
        var reply = Reply(command, id, answer.IsDone ? "completed" : "executing");
        if (!answer.IsDone)
        {
            Keep(new OpenForm(id, session, command, time.GetUtcNow()));

            // One form for each command: nothing to go back to, nothing behind it.
            reply.Add(new Element("actions", Ns.Commands).Set("execute", "complete").Add(new Element("complete", Ns.Commands)));
        }

        if (answer.Note is not null)
        {
            reply.Add(new Element("note", Ns.Commands).Set("type", answer.IsError ? "error" : "info").Add(answer.Note));
        }

        return reply.Add(answer.Form?.ToElement());
    }

    private static Element Reply(AdHocCommand command, string id, string status) =>
        new Element("command", Ns.Commands).Set("node", command.Node).Set("sessionid", id).Set("status", status);

    private static string DomainOf(IqRequest request) => Jid.Parse(request.Stanza["to"]!).Domain;

    private void Keep(OpenForm form)
    {
        lock (_gate)
        {
            // An account's own oldest goes first, so that nobody pushes out the forms of others.
            while (_open.Count(open => open.Session.Account == form.Session.Account) >= MaxFormsPerAccount)
            {
                _open.Remove(_open.First(open => open.Session.Account == form.Session.Account));
            }

            while (_open.Count >= MaxForms)
            {
                _open.RemoveFirst();
            }

            _open.AddLast(form);
        }
    }

    // A form is answered once; another one is a new step.
    private void Take(Session session, AdHocCommand command, string id, string action)
    {
        lock (_gate)
        {
            var form = _open.FirstOrDefault(open => open.Id == id && open.Session == session && open.Command == command) ?? throw Bad("bad-sessionid");
            if (action is "next" or "prev")
            {
                throw Bad("bad-action");
            }

            _open.Remove(form);
            if (time.GetUtcNow() - form.Since > Lifetime)
            {
                throw new StanzaErrorException(StanzaCondition.NotAllowed, "The form was too old.", new Element("session-expired", Ns.Commands));
            }
        }
    }

    private void Forget(Session session)
    {
        lock (_gate)
        {
            foreach (var form in _open.Where(open => open.Session == session).ToArray())
            {
                _open.Remove(form);
            }
        }
    }

    private static StanzaErrorException Bad(string detail) => new(StanzaCondition.BadRequest, detail: new Element(detail, Ns.Commands));

    private sealed record OpenForm(string Id, Session Session, AdHocCommand Command, DateTimeOffset Since);
}

/// <summary>Brings commands; read once at start.</summary>
public interface IAdHocCommands
{
    IEnumerable<AdHocCommand> Commands { get; }
}

/// <summary>Something that is done by filling in a form (XEP-0050), or at once.</summary>
/// <param name="Node">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="IsFor">Whether the account of this bare address may do it; nobody else sees it.</param>
/// <param name="Run">Does it. What it throws as <see cref="StanzaErrorException"/> is the answer.</param>
public sealed record AdHocCommand(string Node, string Name, Func<Jid, bool> IsFor, Func<CommandCall, ValueTask<CommandAnswer>> Run);

/// <summary>A command is called, or its form submitted.</summary>
/// <param name="By">The bare address of who does.</param>
/// <param name="Domain">The domain it is done on.</param>
/// <param name="Form">What was filled in; null at first.</param>
public sealed record CommandCall(Jid By, string Domain, DataForm? Form);

/// <summary>What a command answers.</summary>
/// <param name="IsDone">False: the form is to be filled in.</param>
public sealed record CommandAnswer(bool IsDone, DataForm? Form = null, string? Note = null, bool IsError = false)
{
    /// <summary>Asks for a form to be filled in.</summary>
    public static CommandAnswer Ask(DataForm form) => new(IsDone: false, form);

    /// <summary>It is done, with a sentence for people.</summary>
    public static CommandAnswer Done(string? note, DataForm? result = null) => new(IsDone: true, result, note);

    /// <summary>It is not done, and never will be as it was asked.</summary>
    public static CommandAnswer Failed(string reason) => new(IsDone: true, Note: reason, IsError: true);
}
