using Likeness.Http.Renditions;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Versions;

/// <summary>The answers about versioned pictures.</summary>
internal static class VersionAnswers
{
    private const string ForGood = "public, max-age=31536000, immutable";
    private const int AbsentSeconds = 60;

    /// <summary>Nobody shows it (any more), or the name is none.</summary>
    public static AvatarAnswer NotFound { get; } = AvatarAnswers.Text(
        StatusCodes.Status404NotFound, "No portrait shows this picture.\n", [new("X-Avatar-Source", "none")], AvatarAnswers.Cached(AbsentSeconds));

    public static AvatarAnswer Picture(Rendition rendition, DateTimeOffset changed, AnswerLife life) =>
        AvatarAnswers.Image(rendition, changed, "portrait", ForGood, life);
}
