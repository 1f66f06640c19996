using System.Globalization;
using Likeness.Server.Options;
using Likeness.Xmpp;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features;

namespace Likeness.Server.Administration;

/// <summary>Lists the accounts of a domain that are logged in to chats.</summary>
public sealed record ListOnline(string Domain) : Operation
{
    protected override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new Answer { Accounts = [.. SessionOperations.Of(context).Online(SessionOperations.Served(Domain, context)).Select(jid => jid.Text)] });
}

/// <summary>Ends the sessions of an account, or of one of its resources.</summary>
public sealed record EndSessions(string Address) : Operation
{
    protected override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        if (!Jid.TryParse(Address, out var address))
        {
            throw new OperationRefusedException($"'{Address}' is not an address; expected name@domain, or name@domain/resource.");
        }

        var account = AccountName.Read(address.BareText, context.Served);
        var count = SessionOperations.Of(context).End(address);
        return Task.FromResult(new Answer
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{count} sessions of {address} ended."),
            Count = count,
            Notes = [new AuditNote("user end-sessions", account.Value, Detail: address.Resource)],
        });
    }
}

/// <summary>Tells everybody who is online on a domain something.</summary>
public sealed record Announce(string Domain, string? Subject, string Message) : Operation
{
    protected override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        SessionOperations.CheckWords(Subject, Message);
        var count = SessionOperations.Of(context).Announce(SessionOperations.Served(Domain, context), Subject, Message);
        return Task.FromResult(new Answer
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{count} clients were told."),
            Count = count,
            Notes = [new AuditNote("announce", Domain, Detail: Subject)],
        });
    }
}

/// <summary>Tells everybody of a domain something once: now, or when they come.</summary>
/// <param name="IsEdited">Who was told the one before is not told this one.</param>
public sealed record SetMessageOfTheDay(string Domain, string? Subject, string Message, bool IsEdited) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        SessionOperations.CheckWords(Subject, Message);
        var domain = SessionOperations.Served(Domain, context);
        await SessionOperations.MessagesOf(context).Set(domain, Subject, Message, IsEdited);
        return new Answer { Text = "Everybody is told, those who are not here when they come.", Notes = [new AuditNote(IsEdited ? "motd edit" : "motd set", domain, Detail: Subject)] };
    }
}

/// <summary>Who comes is told nothing any more.</summary>
public sealed record RemoveMessageOfTheDay(string Domain) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var domain = SessionOperations.Served(Domain, context);
        return await SessionOperations.MessagesOf(context).Remove(domain)
            ? new Answer { Text = "Who comes is told nothing any more.", Notes = [new AuditNote("motd remove", domain)] }
            : throw new OperationRefusedException("There is no message of the day.");
    }
}

/// <summary>What operations on sessions share.</summary>
internal static class SessionOperations
{
    /// <summary>Characters.</summary>
    public const int MaxAnnouncement = 10_000;

    private const int MaxSubject = 200;

    public static void CheckWords(string? subject, string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxAnnouncement || subject?.Length > MaxSubject)
        {
            throw new OperationRefusedException($"An announcement has a text of at most {MaxAnnouncement} characters and a subject of at most {MaxSubject}.");
        }
    }

    public static MessagesOfTheDay MessagesOf(OperationContext context) => context.MessagesOfTheDay ?? throw new OperationRefusedException("No chats are served here.");

    public static SessionActs Of(OperationContext context) => context.Sessions ?? throw new OperationRefusedException("No chats are served here.");

    public static string Served(string domain, OperationContext context)
    {
        try
        {
            var name = OptionText.Domain(domain);
            return context.Served?.Serves(name) is true ? name : throw new OperationRefusedException($"'{domain}' is not served here.");
        }
        catch (FormatException exception)
        {
            throw new OperationRefusedException(exception.Message + ".", exception);
        }
    }
}
