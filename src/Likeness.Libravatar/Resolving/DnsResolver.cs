namespace Likeness.Libravatar.Resolving;

/// <summary>A stub resolver: asks recursive resolvers and believes only answers to its own questions. Keeps nothing; .NET itself looks up no SRV records.</summary>
public sealed class DnsResolver : IDisposable
{
    private readonly DnsResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly DnsServer[] _servers;
    private readonly HttpMessageInvoker? _client;
    private int _turn;

    public DnsResolver(DnsResolverOptions? options = null, TimeProvider? time = null)
        : this(options, time, null)
    {
    }

    internal DnsResolver(DnsResolverOptions? options, TimeProvider? time, AvatarTelemetry? telemetry)
    {
        options ??= new DnsResolverOptions();
        options.Validate();
        telemetry ??= AvatarTelemetry.None;
        _time = time ?? TimeProvider.System;
        if (options.HttpsServer is { } server)
        {
            _client = HttpsExchange.CreateClient(options.Proxy);
            _options = options;
            _servers = [new DnsServer(new HttpsExchange(server, _client), _options, telemetry, server.Authority, _time)];
            return;
        }

        _options = options.Servers.Count > 0 ? options : SystemResolvers.Read(options);
        _servers = [.. _options.EndPoints().Select(endPoint => new DnsServer(new SocketExchange(endPoint, _options.MixCase), _options, telemetry, endPoint.ToString(), _time))];
    }

    /// <summary>Throws <see cref="OperationCanceledException"/> for the caller's cancellation only; whatever the network does is <see cref="DnsStatus.Failed"/>.</summary>
    public async Task<DnsAnswer> AskAsync(DnsQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (DnsQuery.Write(question, 0, withExtension: false) is null)
        {
            return DnsAnswer.Impossible;
        }

        var turn = _options.Rotate ? (uint)Interlocked.Increment(ref _turn) : 0;
        DnsServer[] asked = [.. _servers.Select((_, index) => _servers[(index + turn) % _servers.Length]).Where(server => server.MayAsk())];
        if (asked.Length == 0)
        {
            return DnsAnswer.Failed;
        }

        (DnsServer Server, bool IsRepetition)[] attempts = [.. Enumerable.Range(0, _options.Attempts).SelectMany(round => asked.Select(server => (server, round > 0)))];
        using var overtime = new CancellationTokenSource(_options.Deadline, _time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
        try
        {
            return await Staggered.First(attempts, (attempt, until) => attempt.Server.Ask(question, attempt.IsRepetition, until), _options.HeadStart, _time, ends.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return DnsAnswer.Failed;
        }
    }

    public void Dispose() => _client?.Dispose();
}
