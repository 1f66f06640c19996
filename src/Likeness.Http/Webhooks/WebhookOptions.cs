namespace Likeness.Http.Webhooks;

/// <summary>How patient the announcing of changes is.</summary>
public sealed record WebhookOptions
{
    /// <summary>How long one delivery may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A change that could not be told for so long is told no more.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);
}
