using System.Diagnostics.Metrics;
using Likeness.Imaging;

namespace Likeness.Server.Telemetry;

/// <summary>Measures the renderer behind it: how long renders take, their wait for a free worker included, and how many are in the making.</summary>
internal sealed class MeasuredRenderer : IImageRenderer
{
    private readonly Meter _meter = new("Likeness.Rendering");
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _waiting;
    private readonly IImageRenderer _renderer;
    private readonly TimeProvider _time;

    public MeasuredRenderer(IImageRenderer renderer, TimeProvider time)
    {
        (_renderer, _time) = (renderer, time);
        _duration = _meter.CreateHistogram<double>("likeness.render.duration", "s", "Time of a render from the question to the picture, by job and outcome (done, refused, unavailable, failed).");
        _waiting = _meter.CreateUpDownCounter<long>("likeness.render.queue", description: "Renders that were asked for and have not ended.");
    }

    public async Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var outcome = "failed";
        _waiting.Add(1);
        try
        {
            var image = await _renderer.Render(request, cancellationToken);
            outcome = "done";
            return image;
        }
        catch (ImageRefusedException)
        {
            outcome = "refused";
            throw;
        }
        catch (RenderUnavailableException)
        {
            outcome = "unavailable";
            throw;
        }
        finally
        {
            _waiting.Add(-1);
            _duration.Record(_time.GetElapsedTime(start).TotalSeconds, new("job", request.Job.ToString().ToLowerInvariant()), new("outcome", outcome));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _renderer.DisposeAsync();
    }
}
