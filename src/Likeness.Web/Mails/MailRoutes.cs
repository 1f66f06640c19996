using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Likeness.Web.Mails;

/// <summary>A way out for mails.</summary>
internal interface IMailRoute
{
    /// <summary>Sends them one after another and tells what became of each; those it says nothing of did not go. Throws <see cref="MailRouteException"/> when the way itself is closed.</summary>
    Task Send(IEnumerable<MimeMessage> mails, Func<MimeMessage, MailFault?, Task> told, CancellationToken cancellationToken);

    /// <summary>Throws <see cref="MailRouteException"/> when nothing can be sent now.</summary>
    Task Check(CancellationToken cancellationToken);
}

/// <summary>Why one mail did not go out.</summary>
/// <param name="Code">What a log may say.</param>
/// <param name="Reason">What the other side said; it may hold an address.</param>
/// <param name="IsForGood">Another try is in vain.</param>
/// <param name="IsAddress">It is the address that is refused.</param>
internal sealed record MailFault(string Code, string Reason, bool IsForGood, bool IsAddress);

/// <summary>No mail can be sent now, for a reason without addresses and secrets.</summary>
internal sealed class MailRouteException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A mail server that takes mails for others.</summary>
internal sealed class SmtpRoute(MailOptions options, MailRoute.Smtp smtp) : IMailRoute
{
    // Who can read what passes on this machine's own interface can read the mail server's files too. Who names an authority wants TLS there as well.
    internal bool IsThisMachine => options.AuthorityFile is null && (smtp.Host == "localhost" || (IPAddress.TryParse(smtp.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    public async Task Send(IEnumerable<MimeMessage> mails, Func<MimeMessage, MailFault?, Task> told, CancellationToken cancellationToken)
    {
        using var client = await Open(cancellationToken);
        foreach (var mail in mails)
        {
            await told(mail, await FaultOf(client, mail, cancellationToken));
        }

        await Leave(client, cancellationToken);
    }

    public async Task Check(CancellationToken cancellationToken)
    {
        using var client = await Open(cancellationToken);
        await Leave(client, cancellationToken);
    }

    // Null: the mail server took it.
    private static async Task<MailFault?> FaultOf(SmtpClient client, MimeMessage mail, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(FormatOptions.Default, mail, cancellationToken);
            return null;
        }
        catch (SmtpCommandException refused)
        {
            var isForGood = (int)refused.StatusCode >= 500 && refused.ErrorCode != SmtpErrorCode.SenderNotAccepted;
            return new MailFault($"{(int)refused.StatusCode}", $"{(int)refused.StatusCode} {refused.Message}", isForGood, refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted);
        }
        catch (NotSupportedException unsupported)
        {
            // SMTPUTF8 (RFC 6531) is not to be had there.
            return new MailFault("SMTPUTF8", unsupported.Message, IsForGood: true, IsAddress: false);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw new MailRouteException("the mail server ended the connection", exception);
        }
    }

    private static async Task Leave(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            // What it took it has.
        }
    }

    private static bool IsFault(Exception exception) =>
        exception is SocketException or IOException or ProtocolException or CommandException or TimeoutException or ServiceNotConnectedException or ServiceNotAuthenticatedException;

    private async Task<SmtpClient> Open(CancellationToken cancellationToken)
    {
        var client = new SmtpClient
        {
            Timeout = (int)MailDelivery.Timeout.TotalMilliseconds,
            CheckCertificateRevocation = false,
            LocalDomain = new MailboxAddress("", options.From).Domain,
            ServerCertificateValidationCallback = options.AuthorityFile is null ? null : (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors),
        };
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.IsTlsFirst ? SecureSocketOptions.SslOnConnect : IsThisMachine ? SecureSocketOptions.None : SecureSocketOptions.StartTls, cancellationToken);
            if (smtp.User is { } user)
            {
                var password = options.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim() : "";
                await (smtp.IsToken ? client.AuthenticateAsync(new SaslMechanismOAuth2(user, password), cancellationToken) : client.AuthenticateAsync(user, password, cancellationToken));
            }

            return client;
        }
        catch (Exception exception) when (IsFault(exception) || exception is SslHandshakeException or AuthenticationException or NotSupportedException or UnauthorizedAccessException)
        {
            client.Dispose();
            throw new MailRouteException(
                exception switch
                {
                    SslHandshakeException => "the certificate of the mail server is not trusted",
                    AuthenticationException => "the mail server does not take user and password",
                    NotSupportedException => "the mail server offers no STARTTLS, or no way to log in",
                    SocketException or TimeoutException => "the mail server cannot be reached",
                    UnauthorizedAccessException or IOException => "the password file cannot be read, or the connection broke",
                    _ => "the mail server takes nothing now",
                },
                exception);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // As by the system, with one more authority.
    internal bool IsTrusted(X509Certificate? certificate, X509Chain? built, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(options.AuthorityFile!);
        foreach (var element in built?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}

/// <summary>A folder of files that mail programs open.</summary>
internal sealed class FolderRoute(MailRoute.Folder folder) : IMailRoute
{
    public async Task Send(IEnumerable<MimeMessage> mails, Func<MimeMessage, MailFault?, Task> told, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            foreach (var mail in mails)
            {
                // A name of its own until it is whole.
                var name = Path.Combine(folder.Path, $"{mail.Date.UtcDateTime:yyyyMMdd'T'HHmmss}-{mail.MessageId!.Split('@')[0]}");
                var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                await using (var file = new FileStream(name + ".draft", how))
                {
                    await mail.WriteToAsync(file, cancellationToken);
                }

                File.Move(name + ".draft", name + ".eml", overwrite: true);
                await told(mail, null);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MailRouteException("the folder for mails cannot be written", exception);
        }
    }

    public Task Check(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MailRouteException("the folder for mails cannot be written", exception);
        }
    }
}
