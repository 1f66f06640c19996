using Likeness.Imaging.Faces;

namespace Likeness.Imaging.Tests.Faces;

public sealed class FaceSubjectTests
{
    [Theory]
    [InlineData("Ada Lovelace", "AL")]
    [InlineData("ada king lovelace", "AL")]
    [InlineData("  plato  ", "P")]
    [InlineData("élodie øst", "ÉØ")]
    [InlineData("e\u0301lodie", "E\u0301")]
    [InlineData("A\u0000da\u0007 \tL", "AL")]
    [InlineData("😺 cat", "😺C")]
    public void Initials_are_the_first_letters_of_the_first_and_the_last_word(string name, string initials) =>
        FaceSubject.InitialsOf(name).ShouldBe(initials);

    [Theory]
    [InlineData("")]
    [InlineData(" \t\u0001")]
    public void A_name_without_words_has_no_initials(string name) => FaceSubject.InitialsOf(name).ShouldBeNull();
}
