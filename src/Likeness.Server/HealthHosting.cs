using System.Globalization;
using Likeness.Http.Health;
using Likeness.Imaging;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Stores;
using Likeness.Web.Mails;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>What has to work in a running server.</summary>
internal static class HealthHosting
{
    private const long MinFreeBytes = 100L * 1024 * 1024;
    private const string Dot = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="#888"/></svg>""";

    public static IServiceCollection AddHealth(this IServiceCollection services, LikenessOptions options, Listeners listeners) => services
        .AddSingleton(provider => Database(provider.GetRequiredService<IStores>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => Renderer(provider.GetRequiredService<IImageRenderer>()))
        .AddSingleton(new HealthCheck("disk", _ => Task.FromResult(Disk(options.DataDirectory))))
        .AddSingleton(provider => Certificate(options, provider.GetRequiredService<CertificateSource>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(new HealthCheck("listeners", _ => Task.FromResult(Listening(listeners.Addresses))))
        .AddMailHealth(options)
        .AddSingleton(provider => Background(provider.GetServices<BackgroundTask>()))
        .AddHealth();

    private static HealthCheck Database(IStores stores, TimeProvider time) => new("database", async cancellationToken =>
    {
        try
        {
            await stores.Probe(time.GetUtcNow(), cancellationToken);
            return "can be written";
        }
        catch (StoreUnavailableException exception)
        {
            throw new UnhealthyException(exception.IsFull ? "the disk is full" : "cannot be reached");
        }
    });

    private static HealthCheck Renderer(IImageRenderer renderer) => new("renderer", async cancellationToken =>
    {
        await renderer.Render(RenderRequest.Face(Dot, 8), cancellationToken);
        return "renders";
    });

    private static string Disk(string directory)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free");
        return free >= MinFreeBytes ? text : throw new UnhealthyException(text);
    }

    private static HealthCheck Certificate(LikenessOptions options, CertificateSource certificates, TimeProvider time) => new("certificate", _ =>
    {
        var end = options.Domains.Select(domain => certificates.Select(domain).Certificate.NotAfter.ToUniversalTime()).Min();
        var days = (int)Math.Floor((end - time.GetUtcNow().UtcDateTime).TotalDays);
        return days >= 0 ? Task.FromResult($"{days} days left") : throw new UnhealthyException($"ended {-days} days ago");
    });

    // Where mail is off nothing is said of it.
    private static IServiceCollection AddMailHealth(this IServiceCollection services, LikenessOptions options) => MailKeys.Of(options) is null ? services : services
        .AddSingleton(provider => new HealthCheck("mail", async cancellationToken =>
            await provider.GetRequiredService<MailDelivery>().Check(cancellationToken) is { } fault ? throw new DegradedException(fault) : "can be sent"));

    private static HealthCheck Background(IEnumerable<BackgroundTask> tasks) => new("background", _ =>
        tasks.SelectMany(task => task.Failing).ToList() is { Count: > 0 } failing
            ? throw new UnhealthyException(string.Join(", ", failing) + (failing.Count == 1 ? " fails" : " fail"))
            : Task.FromResult("runs"));

    private static string Listening(BoundAddresses addresses) =>
        $"{addresses.Http.Length} http, {addresses.Https.Length} https, {addresses.Xmpp.Length} xmpp, {addresses.Xmpps.Length} xmpps, {addresses.S2s.Length + addresses.S2sTls.Length} s2s";
}
