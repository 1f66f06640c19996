using System.Threading.Channels;
using Likeness.Limits;
using Likeness.Stores;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Likeness.Web.Mails;

/// <summary>
/// Sends the mails whose time has come. What they say is made at this moment and its hash is durable before they go, so that a link works as soon
/// as it is read; a mail whose server died in between goes again.
/// </summary>
public sealed partial class MailDelivery : IDisposable
{
    /// <summary>Mails over one connection.</summary>
    public const int Batch = 20;

    /// <summary>Mails to one domain; more of them wait.</summary>
    public static readonly RateLimit PerDomain = new(60, TimeSpan.FromMinutes(1));

    /// <summary>Until the mail server has answered a command.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Until a mail that was taken is anybody's again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Until the second try; doubled each time.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    /// <summary>Between two tries, at most.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    // Other servers on the same database take mails for us to send.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CheckKept = TimeSpan.FromMinutes(5);
    private const int MaxDomains = 10_000;
    private const int MaxError = 300;

    private readonly IMailStore _stored;
    private readonly IMailRoute? _route;
    private readonly MailTexts _texts;
    private readonly MailTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly KeyedRateLimiter<string> _domains;
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _checking = new(1);
    private volatile Checked? _checked;
    private bool _isClosed;

    internal MailDelivery(IMailStore stored, IMailRoute? route, MailTexts texts, MailTokens tokens, TimeProvider time, ILogger<MailDelivery> log)
    {
        (_stored, _route, _texts, _tokens, _time, _log) = (stored, route, texts, tokens, time, log);
        _domains = new KeyedRateLimiter<string>(PerDomain, MaxDomains, time);
    }

    /// <summary>Until there may be something to do.</summary>
    public async Task Wait(CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(Look, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time has come.
        }
    }

    /// <summary>Sends what is due; returns when nothing is, or the way out is closed: what waits is tried again later.</summary>
    public async Task Deliver(CancellationToken cancellationToken)
    {
        while (_route is not null)
        {
            var now = _time.GetUtcNow();
            var taken = await _stored.Take(now, now + Lease, Batch, cancellationToken);
            if (taken.Count == 0 || !await Send(_route, taken, now, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Why no mail can be sent; null: it can. Looks at the mail server at most every five minutes.</summary>
    public async Task<string?> Check(CancellationToken cancellationToken)
    {
        // Of all who ask at the same moment one looks.
        await _checking.WaitAsync(cancellationToken);
        try
        {
            if (_checked is { } known && _time.GetUtcNow() - known.Since < CheckKept)
            {
                return known.Fault;
            }

            await (_route?.Check(cancellationToken) ?? Task.CompletedTask);
            return Found(fault: null);
        }
        catch (MailRouteException closed)
        {
            return Found(closed.Message);
        }
        finally
        {
            _checking.Release();
        }
    }

    public void Dispose() => _checking.Dispose();

    internal void Wake() => _news.Writer.TryWrite(true);

    internal static TimeSpan PauseAfter(int tries)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 20));
        return pause < LongestPause ? pause : LongestPause;
    }

    private string? Found(string? fault)
    {
        _checked = new Checked(fault, _time.GetUtcNow());
        return fault;
    }

    // False: the way out is closed.
    private async Task<bool> Send(IMailRoute route, IReadOnlyList<Mail> taken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var going = new Dictionary<MimeMessage, Mail>();
        foreach (var mail in taken)
        {
            if (mail.Expires <= now)
            {
                await _stored.GiveUp(mail.Id, now, $"its link is too old; before that: {mail.Error ?? "nothing was tried"}", isRefused: false, cancellationToken);
                Log.GivenUp(_log, mail.Kind, mail.Id, "its link is too old");
            }
            else if (_domains.Take(mail.Address[(mail.Address.LastIndexOf('@') + 1)..]) is { Ticks: > 0 } wait)
            {
                await _stored.PutOff(mail.Id, now + wait, "many mails go to this domain", cancellationToken);
            }
            else if (await Write(mail, now, cancellationToken) is { } message)
            {
                going.Add(message, mail);
            }
        }

        if (going.Count == 0)
        {
            return true;
        }

        var left = going.Values.ToDictionary(mail => mail.Id);
        try
        {
            await route.Send(
                going.Keys,
                async (message, fault) =>
                {
                    left.Remove(going[message].Id);
                    await Tell(going[message], fault);
                },
                cancellationToken);
            Found(fault: null);
            _isClosed = false;
            return true;
        }
        catch (MailRouteException closed)
        {
            Found(closed.Message);
            if (!_isClosed)
            {
                // What goes on failing is one line in the log, not one for each try.
                Log.Closed(_log, closed.Message, closed.InnerException);
                _isClosed = true;
            }

            foreach (var mail in left.Values)
            {
                await _stored.PutOff(mail.Id, _time.GetUtcNow() + PauseAfter(mail.Tries), closed.Message, cancellationToken);
            }

            return false;
        }
    }

    private async Task<MimeMessage?> Write(Mail mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var message = _texts.Write(mail);
            await _stored.Going(mail.Id, MailTokens.HashOf(_tokens.TokenOf(mail.Id)), MailTokens.HashOf(_tokens.CodeOf(mail.Id)), cancellationToken);
            return message;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or System.Text.Json.JsonException)
        {
            await _stored.GiveUp(mail.Id, now, "the address is none to which mail can go", isRefused: true, cancellationToken);
            Log.GivenUp(_log, mail.Kind, mail.Id, "the address is none to which mail can go");
            return null;
        }
    }

    // The mail server has answered: that is kept whoever stops meanwhile.
    private async Task Tell(Mail mail, MailFault? fault)
    {
        var now = _time.GetUtcNow();
        if (fault is null)
        {
            await _stored.Sent(mail.Id, CancellationToken.None);
            Log.Sent(_log, mail.Kind, mail.Id);
            return;
        }

        var reason = new string([.. fault.Reason.Where(character => !char.IsControl(character)).Take(MaxError)]);
        if (fault.IsForGood)
        {
            await _stored.GiveUp(mail.Id, now, reason, fault.IsAddress, CancellationToken.None);
            Log.GivenUp(_log, mail.Kind, mail.Id, fault.Code);
        }
        else
        {
            await _stored.PutOff(mail.Id, now + PauseAfter(mail.Tries), reason, CancellationToken.None);
            Log.PutOff(_log, mail.Kind, mail.Id, fault.Code);
        }
    }

    private sealed record Checked(string? Fault, DateTimeOffset Since);

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Warning, "No mail can be sent, and what waits is tried again: {Reason}")]
        public static partial void Closed(ILogger logger, string reason, Exception? exception);

        [LoggerMessage(1, LogLevel.Information, "The {Kind} mail {Id} went out")]
        public static partial void Sent(ILogger logger, MailKind kind, string id);

        [LoggerMessage(2, LogLevel.Information, "The {Kind} mail {Id} did not go out and is tried again: {Code}")]
        public static partial void PutOff(ILogger logger, MailKind kind, string id, string code);

        [LoggerMessage(3, LogLevel.Warning, "The {Kind} mail {Id} will not go out: {Code}")]
        public static partial void GivenUp(ILogger logger, MailKind kind, string id, string code);
    }
}
