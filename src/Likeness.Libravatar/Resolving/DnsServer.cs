using System.Net.Sockets;

namespace Likeness.Libravatar.Resolving;

/// <summary>One resolver and how it fares.</summary>
internal sealed class DnsServer(IDnsExchange exchange, DnsResolverOptions options, AvatarTelemetry telemetry, string name, TimeProvider time)
{
    private readonly CircuitBreaker _breaker = new(options.MaxSilences, options.Pause, time);

    public bool MayAsk() => _breaker.MayAsk();

    /// <summary>A usable answer, or an <see cref="IOException"/> that lets the next resolver try. The repetition of a question says nothing new about the resolver.</summary>
    public async Task<DnsAnswer> Ask(DnsQuestion question, bool isRepetition, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        DnsMessage message;
        try
        {
            message = await exchange.Ask(question, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or HttpRequestException)
        {
            if (!isRepetition)
            {
                Silent(start);
            }

            throw new IOException("The resolver cannot be asked.", exception);
        }
        catch (OperationCanceledException)
        {
            // One that was overtaken at once has not been silent yet.
            if (!isRepetition && time.GetElapsedTime(start) >= options.HeadStart)
            {
                Silent(start);
            }

            throw;
        }

        _breaker.Answered();
        return message.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NameError
            ? DnsAnswer.Read(message, question)
            : throw new IOException("The resolver refuses or fails.");
    }

    private void Silent(long asked)
    {
        if (_breaker.Silent(asked))
        {
            telemetry.ResolverPaused(name, options.Pause);
        }
    }
}
