using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Likeness.Accounts;
using Likeness.Limits;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Sasl;

namespace Likeness.Beside;

/// <summary>What the chat server says of a password.</summary>
public enum ChatPasswordAnswer
{
    Right,
    Wrong,

    /// <summary>Too many were wrong: nobody was asked.</summary>
    TooMany,

    /// <summary>The chat server could not be asked.</summary>
    Unknown,
}

/// <summary>Signs people of a chat server in elsewhere by its password: it is shown to that server in a login, and nothing of it is kept.</summary>
/// <param name="server">Where clients connect; null: where the domain says. On this machine TLS is not asked for.</param>
public sealed class ChatPasswordCheck(DnsEndPoint? server, IReadOnlyList<string> domains, LoginLimits limits)
{
    /// <summary>Logins at one moment; whoever comes then is told that nobody can be asked.</summary>
    public const int MaxAsked = 16;

    /// <summary>How long the chat server may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private int _asked;

    /// <summary>Counted before anybody is asked, as logins here are.</summary>
    public async Task<ChatPasswordAnswer> Check(Jid account, string password, ClientKey client, CancellationToken cancellationToken = default)
    {
        if (account.Local is null || !domains.Contains(account.Domain))
        {
            return ChatPasswordAnswer.Unknown;
        }

        var attempt = limits.Begin(new Identity(account.BareText), client);
        if (!attempt.IsAllowed)
        {
            return ChatPasswordAnswer.TooMany;
        }

        var answer = ChatPasswordAnswer.Unknown;
        try
        {
            if (Interlocked.Increment(ref _asked) <= MaxAsked)
            {
                answer = await Ask(account.Bare, password, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }

        if (answer == ChatPasswordAnswer.Right)
        {
            attempt.Succeeded();
        }

        return answer;
    }

    private async Task<ChatPasswordAnswer> Ask(Jid account, string password, CancellationToken cancellationToken)
    {
        var isHere = server is not null && (server.Host == "localhost" || (IPAddress.TryParse(server.Host, out var address) && IPAddress.IsLoopback(address)));
        var login = new XmppClientOptions
        {
            Account = account,
            Password = password,
            Host = server?.Host,
            Port = server?.Port ?? 5222,
            RequireTls = !isHere,
            AcceptCertificate = isHere ? XmppClientOptions.AcceptAny : null,
            Reconnects = false,
            Timeout = Timeout,
        };
        try
        {
            await using var session = await XmppClient.Connect(login, cancellationToken);
            return ChatPasswordAnswer.Right;
        }
        catch (SaslException refused)
        {
            return refused.Condition is "not-authorized" or "account-disabled" or "credentials-expired" or "invalid-authzid"
                ? ChatPasswordAnswer.Wrong
                : ChatPasswordAnswer.Unknown;
        }
        catch (Exception unreachable) when (unreachable is IOException or SocketException or TimeoutException or AuthenticationException or StreamErrorException or StanzaErrorException)
        {
            return ChatPasswordAnswer.Unknown;
        }
    }
}
