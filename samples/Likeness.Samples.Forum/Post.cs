namespace Likeness.Samples.Forum;

/// <summary>What somebody said.</summary>
/// <param name="Address">An e-mail address or an OpenID; people type all kinds of things here.</param>
public sealed record Post(string Author, string? Address, string Text)
{
    public static IReadOnlyList<Post> All { get; } =
    [
        new("Anne", "anne@club.example", "The season opens on Saturday. Who brings the boat?"),
        new("Björn", "bjoern@club.example", "I do, if somebody brings a trailer."),
        new("Chiara", "chiara@school.example", "We have one at the school, but no driver."),
        new("Dmitri", "Dmitri@School.Example", "I can drive."),
        new("Eva", "eva@club.example", "Then cake is on me."),
        new("Farid", "farid@school.example", "With walnuts?"),
        new("Greta", "greta@club.example", "Last year's walnuts are still in the shed."),
        new("Hana", "hana@school.example", "They were not good last year either."),
        new("Ivo", "ivo@harbour.example", "The harbour closes at eight."),
        new("Jun", "jun@harbour.example", "Nine, since May."),
        new("Karim", "karim@harbour.example", "Nine on weekdays. Saturday is eight."),
        new("Lea", "lea@weather.example", "Saturday: sun, a little wind."),
        new("Mara", "https://mara.blog.example/", "I will write about it."),
        new("Nils", "nils@weather.example", "A little wind is what they said last time."),
        new("Olga", "olga@museum.example", "May the museum bring its old sail?"),
        new("Pál", "pal@museum.example", "It needs mending first."),
        new("Quentin", "quentin@tailor.example", "Bring it to me before Thursday."),
        new("Rosa", "rosa@tailor.example", "Wednesday, please. Thursday is full."),
        new("Somebody", null, "Can guests come?"),
        new("Typo", "typo-at-club", "Guests are always welcome."),
    ];
}
