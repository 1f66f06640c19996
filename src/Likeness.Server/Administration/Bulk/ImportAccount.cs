using System.Globalization;
using System.Security.Cryptography;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Features.Import;
using Likeness.Xmpp.Xml;

namespace Likeness.Server.Administration.Bulk;

/// <summary>An account comes from another server (XEP-0227), with its keys or its password. What else belongs to it follows in parts, then its messages.</summary>
/// <param name="DryRun">Only say what would be done.</param>
/// <remarks>The answer's text is <c>new</c>, <c>unfinished</c> or <c>whole</c>; its rows say how many messages were taken already, and its lines what is to be known of the account.</remarks>
public sealed record ImportAccount(string Account, string? Password, IReadOnlyList<ImportedKeys> Keys, bool DryRun = false) : Operation
{
    /// <summary>More would let each login cost too much.</summary>
    public const int MaxIterations = 1_000_000;

    /// <summary>Bytes.</summary>
    public const int MaxSalt = 1024;

    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var imports = ImportOperations.Of(context);
        var account = AccountName.Read(Account, context.Served);
        if (await context.Stores.Accounts.Find(account, cancellationToken) is not null)
        {
            var state = await imports.State(account, cancellationToken) ?? throw new OperationRefusedException($"{account} exists already, and was not imported.");
            return Progress(state.IsSettled ? "whole" : "unfinished", state);
        }

        await context.Accounts.Check(account, exists: false, cancellationToken);
        var lines = new List<string>();
        var record = Record(account, lines);
        if (!DryRun)
        {
            await context.Accounts.Import(record, new AccountDocument(account, AccountImport.Kind, "", new ImportState().ToString()), context.By, cancellationToken);
        }

        return Progress("new", new ImportState()) with { Lines = lines };
    }

    private static Answer Progress(string text, ImportState state) => new()
    {
        Text = text,
        Rows =
        [
            new Dictionary<string, string>
            {
                ["archived"] = state.Archived.ToString(CultureInfo.InvariantCulture),
                ["waiting"] = state.Waiting.ToString(CultureInfo.InvariantCulture),
            },
        ],
    };

    private AccountRecord Record(Identity account, List<string> lines)
    {
        var (sha1, sha256) = (Read(ScramHash.Sha1, lines), Read(ScramHash.Sha256, lines));
        if (Password is not null)
        {
            try
            {
                sha1 ??= ScramKeyDerivation.Derive(Password, ScramHash.Sha1);
                sha256 ??= ScramKeyDerivation.Derive(Password, ScramHash.Sha256);
            }
            catch (FormatException unusable)
            {
                lines.Add(unusable.Message);
            }
        }

        if (sha1 is null && sha256 is null)
        {
            lines.Add("It has no password that is known here: likeness user passwd gives it one.");
            var nobodys = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
            return new AccountRecord(account, ScramKeyDerivation.Derive(nobodys, ScramHash.Sha1), ScramKeyDerivation.Derive(nobodys, ScramHash.Sha256));
        }

        return new AccountRecord(account, sha1, sha256);
    }

    private ScramCredentials? Read(ScramHash hash, List<string> lines)
    {
        var (name, size) = hash == ScramHash.Sha1 ? ("SCRAM-SHA-1", SHA1.HashSizeInBytes) : ("SCRAM-SHA-256", SHA256.HashSizeInBytes);
        if (Keys.FirstOrDefault(keys => keys.Mechanism == name) is not { } found)
        {
            return null;
        }

        if (found.Iterations is > 0 and <= MaxIterations
            && StrictBase64.TryDecode(found.Salt, out var salt)
            && StrictBase64.TryDecode(found.StoredKey, out var stored)
            && StrictBase64.TryDecode(found.ServerKey, out var server))
        {
            // ejabberd 23 writes base64 of base64.
            if (stored.Length != size && Again(stored) is { } innerStored && Again(server) is { } innerServer && Again(salt) is { } innerSalt)
            {
                (salt, stored, server) = (innerSalt, innerStored, innerServer);
            }

            if (salt.Length is > 0 and <= MaxSalt && stored.Length == size && server.Length == size)
            {
                return new ScramCredentials(salt, found.Iterations, stored, server);
            }
        }

        lines.Add($"Its keys for {name} are none.");
        return null;
    }

    private static byte[]? Again(byte[] text) => StrictBase64.TryDecode(System.Text.Encoding.Latin1.GetString(text), out var bytes) ? bytes : null;
}

/// <summary>Keys of SCRAM as an export has them: base64.</summary>
public sealed record ImportedKeys(string Mechanism, int Iterations, string Salt, string StoredKey, string ServerKey)
{
    // Neither in a log nor in an error.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(Mechanism);
        return true;
    }
}

/// <summary>A part of an account that is imported: its contacts, its vCard, a node, …</summary>
/// <param name="Xml">A child of <c>user</c> in an export; null: there are no more, messages apart.</param>
/// <param name="DryRun">Only count what would be taken.</param>
public sealed record ImportPart(string Account, string? Xml, bool DryRun = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (imports, account) = (ImportOperations.Of(context), AccountName.Read(Account, context.Served));
        if (Xml is null)
        {
            await imports.Settle(account);
            return new Answer();
        }

        return await ImportOperations.Taken(async () => DryRun
            ? AccountImport.Look(XmlStreamReader.ParseElement(Xml, "", ImportOperations.Limits))
            : await imports.Take(account, XmlStreamReader.ParseElement(Xml, "", ImportOperations.Limits)));
    }
}

/// <summary>Messages of an account that is imported, the oldest first: of its archive, or such that wait for it.</summary>
/// <param name="Position">How many were handed over before.</param>
public sealed record ImportMessages(string Account, bool Waiting, long Position, IReadOnlyList<string> Xml) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (imports, account) = (ImportOperations.Of(context), AccountName.Read(Account, context.Served));
        if (Xml.Count > AccountImport.MaxMessages)
        {
            throw new OperationRefusedException($"At most {AccountImport.MaxMessages} messages at once.");
        }

        Element[] messages = [.. Xml.Select(one => XmlStreamReader.ParseElement(one, "", ImportOperations.Limits))];
        return await ImportOperations.Taken(async () => Waiting ? await imports.TakeWaiting(account, Position, messages) : await imports.TakeArchive(account, Position, messages));
    }
}

/// <summary>What operations of an import share.</summary>
internal static class ImportOperations
{
    /// <summary>Of one element: what its writer held to be possible was checked when it was read.</summary>
    public static StreamLimits Limits { get; } = new() { StanzaBytesBeforeAuthentication = 32 * 1024 * 1024, StanzaBytes = 32 * 1024 * 1024 };

    public static AccountImport Of(OperationContext context) =>
        context.Imports ?? throw new OperationRefusedException("People are imported while the server runs, and serves chats: likeness serve.");

    public static async Task<Answer> Taken(Func<Task<ImportedPart>> take)
    {
        try
        {
            var part = await take();
            return new Answer { Count = part.Taken, Lines = part.Refused, Text = part.IsOver ? "over" : "" };
        }
        catch (Exception refusal) when (refusal is StanzaErrorException or StreamErrorException)
        {
            throw new OperationRefusedException(refusal.Message, refusal);
        }
    }
}
