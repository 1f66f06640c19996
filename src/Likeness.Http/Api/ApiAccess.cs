namespace Likeness.Http.Api;

/// <summary>Says of an endpoint that a token is needed.</summary>
/// <param name="Changes">A token that is read-only is not enough.</param>
internal sealed record ApiAccess(bool Changes);
