using System.Security.Cryptography;
using System.Text.Json;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Visits;

namespace Likeness.Web.Mails;

/// <summary>The one door to mails and the links in them. A mail is durable before this returns; it goes out afterwards.</summary>
internal sealed class MailBook(IMailStore stored, PageOptions options, MailDelivery delivery, AddressBook addresses, TimeProvider time)
{
    /// <summary>Mails to one address within an hour; as many notices again.</summary>
    public const int MaxPerHour = 5;

    /// <summary>Mails that wait, and links that are good: of everybody together.</summary>
    public const int MaxKept = 50_000;

    /// <summary>Characters of what a mail says beside its words.</summary>
    public const int MaxContent = 4 * 1024;

    /// <summary>Addresses of one person that wait to be confirmed.</summary>
    public const int MaxWaiting = 5;

    /// <summary>Wrong codes; then the link is good no more in another browser.</summary>
    public const int MaxGuesses = 5;

    /// <summary>Mails that one client asks for.</summary>
    public static readonly RateLimit PerClient = new(10, TimeSpan.FromHours(1));

    /// <summary>To confirm an address.</summary>
    public static readonly TimeSpan AddressLifetime = TimeSpan.FromHours(72);

    /// <summary>To sign in, or to choose another password.</summary>
    public static readonly TimeSpan SignInLifetime = TimeSpan.FromMinutes(15);

    /// <summary>To sign in by what a chat message says.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);

    /// <summary>To open an account.</summary>
    public static readonly TimeSpan SignUpLifetime = TimeSpan.FromHours(24);

    /// <summary>For so long who wants no mail gets none.</summary>
    public static readonly TimeSpan Stopped = TimeSpan.FromDays(30);

    private const int MaxClients = 10_000;
    private readonly KeyedRateLimiter<ClientKey> _clients = new(PerClient, MaxClients, time);

    /// <summary>Mail is sent here.</summary>
    public bool IsOn => options.Mail is not null && options.PublicUrl is not null;

    /// <summary>A mail in the words of whoever asks for it.</summary>
    /// <param name="visitor">Null: nobody is on a page.</param>
    /// <param name="values">What it says beside the usual.</param>
    public Mail New(MailKind kind, Identity? account, string address, Words words, string domain, Visitor? visitor, TimeSpan lifetime, params (string Name, string Value)[] values)
    {
        var content = new MailContent(words.Language, domain, values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)).Written();
        var now = time.GetUtcNow();
        return new Mail(MailTokens.NewId(), kind, account, address, content, visitor?.Network ?? words["mail.elsewhere"], now, now + lifetime)
        {
            Browser = visitor?.Token is { } token ? MailTokens.HashOf(token) : null,
            Due = kind == MailKind.None ? null : now,
        };
    }

    /// <summary>Zero; else how long until this client may ask for a mail.</summary>
    public TimeSpan Take(ClientKey client) => _clients.Take(client);

    /// <summary>Keeps the mails durably; they go out at once.</summary>
    public async ValueTask<MailRefusal?> Add(IReadOnlyList<Mail> mails, CancellationToken cancellationToken)
    {
        if (mails.Any(mail => mail.Content.Length > MaxContent))
        {
            throw new ArgumentException($"A mail says at most {MaxContent} characters.", nameof(mails));
        }

        var refusal = await stored.Add(mails, new MailBounds(MaxPerHour, MaxKept), cancellationToken);
        if (refusal is null)
        {
            delivery.Wake();
        }

        return refusal;
    }

    /// <summary>Where mail for the person goes: their addresses, and the account's own only where it is a mailbox.</summary>
    public async ValueTask<IReadOnlyList<string>> MailboxesOf(Identity account, CancellationToken cancellationToken) =>
        [.. (await addresses.Of(account, cancellationToken)).Where(address => MailOptions.IsMailbox(address) && (address != account.Value || options.Mail is { AccountsAreMailboxes: true }))];

    /// <summary>The mail whose link says this, as long as it is good.</summary>
    public async ValueTask<Mail?> Find(string token, CancellationToken cancellationToken) =>
        MailTokens.IdIn(token) is { } id && await stored.Find(id, cancellationToken) is { Used: null, Hash: { } hash } mail && mail.Expires > time.GetUtcNow()
        && CryptographicOperations.FixedTimeEquals(hash, MailTokens.HashOf(token))
            ? mail
            : null;

    /// <summary>What was asked for with a code alone, which went out in another way than by mail and has no link; null: it is not good, or not any more.</summary>
    public async ValueTask<Mail?> FindCode(string id, CancellationToken cancellationToken) =>
        await stored.Find(id, cancellationToken) is { Used: null, Hash: null, Code: not null } asked && asked.Expires > time.GetUtcNow() ? asked : null;

    /// <summary>It was asked for in this browser.</summary>
    public static bool IsBrowser(Mail mail, Visitor visitor) =>
        mail.Browser is { } browser && visitor.Token is { } token && CryptographicOperations.FixedTimeEquals(browser, MailTokens.HashOf(token));

    /// <summary>The code of the mail; a wrong one counts, and after some no code is right.</summary>
    public async ValueTask<bool> IsCode(Mail mail, string code, CancellationToken cancellationToken)
    {
        if (mail.Guesses >= MaxGuesses)
        {
            return false;
        }

        // Counted before it is compared: of guesses at the same moment none is free.
        var guesses = await stored.Guessed(mail.Id, cancellationToken);
        return guesses <= MaxGuesses && CryptographicOperations.FixedTimeEquals(mail.Code, MailTokens.HashOf(code.Trim()));
    }

    public ValueTask<bool> Use(Mail mail, CancellationToken cancellationToken) => stored.Use(mail.Id, time.GetUtcNow(), cancellationToken);

    public StoreWrite UseOf(Mail mail) => new StoreWrite.UsedMail(mail.Id, time.GetUtcNow());

    public ValueTask<IReadOnlyList<Mail>> Of(Identity account, MailKind kind, CancellationToken cancellationToken) => stored.Of(account, kind, cancellationToken);

    public ValueTask<int> Drop(Identity account, MailKind kind, string address, CancellationToken cancellationToken) => stored.Drop(account, kind, address, cancellationToken);

    /// <summary>Whoever reads the address did not ask for this.</summary>
    public ValueTask Stop(string address, CancellationToken cancellationToken) => stored.Stop(address, time.GetUtcNow() + Stopped, cancellationToken);
}

/// <summary>What a mail says beside what every mail does.</summary>
/// <param name="Domain">Whose people it is about.</param>
internal sealed record MailContent(string Language, string Domain, IReadOnlyDictionary<string, string> Values)
{
    public static MailContent Read(Mail mail) => JsonSerializer.Deserialize<MailContent>(mail.Content)!;

    public string Written() => JsonSerializer.Serialize(this);
}
