namespace Likeness;

/// <summary>The operator's decision that a person's picture stays as it is.</summary>
/// <param name="Reason">What the person is told; null when the operator gave none.</param>
public sealed record PortraitLock(string? Reason, DateTimeOffset Since);

/// <summary>The picture was to be changed by somebody who is not the operator while it is locked. The message is for the person.</summary>
public sealed class PortraitLockedException(PortraitLock held)
    : Exception(held.Reason is { } reason ? $"This picture is locked by the operator: {reason}" : "This picture is locked by the operator.")
{
    public PortraitLock Lock { get; } = held;
}
