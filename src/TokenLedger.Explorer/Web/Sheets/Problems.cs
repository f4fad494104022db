// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web.Sheets;

/// <summary>Everything that can be wrong with a request, each in words: what, why, and what to do.</summary>
internal static class Problems
{
    /// <summary>A value in the address that is malformed.</summary>
    public static PageProblemException BadInput(string value, SiteLanguage language) => Of(
        StatusCodes.Status400BadRequest, "BAD_INPUT", Phrases.ProblemBadInput,
        Texts.Of(language).Sentence(Phrases.ProblemBadInputSentence, ("value", Markup.Name(value))));

    /// <summary>A height that no indexed block has.</summary>
    public static PageProblemException NotYet(Height asked, Height newest, SiteLanguage language) => Of(
        StatusCodes.Status404NotFound, "NOT_YET", Phrases.ProblemNotYet,
        Texts.Of(language).Sentence(
            Phrases.ProblemNotYetSentence,
            ("asked", Markup.Value(NumberText.Count(asked.Value, language))),
            ("newest", Markup.Value(NumberText.Count(newest.Value, language)))));

    /// <summary>Something well-formed that the ledger does not have.</summary>
    public static PageProblemException Unknown(Phrase kind, string value, SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        return Of(
            StatusCodes.Status404NotFound, "UNKNOWN", Phrases.ProblemUnknown,
            texts.Sentence(
                Phrases.ProblemUnknownSentence, ("kind", Markup.Text(texts[kind])),
                ("value", Markup.Name(value))));
    }

    /// <summary>Something that came after the height that was asked for.</summary>
    public static PageProblemException Later(
        Phrase kind, string value, Height came, Height asked, SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        return Of(
            StatusCodes.Status404NotFound, "LATER", Phrases.ProblemLater,
            texts.Sentence(
                Phrases.ProblemLaterSentence, ("kind", Markup.Text(texts[kind])),
                ("value", Markup.Name(value)),
                ("came", Markup.Value(NumberText.Count(came.Value, language))),
                ("asked", Markup.Value(NumberText.Count(asked.Value, language)))));
    }

    /// <summary>A path that this site does not have.</summary>
    public static PageProblemException NoSuchPage(SiteLanguage language) => Of(
        StatusCodes.Status404NotFound, "NO_SUCH_PAGE", Phrases.ProblemNoPage,
        Markup.Text(Texts.Of(language)[Phrases.ProblemNoPageSentence]));

    /// <summary>A page of which there is no file.</summary>
    public static PageProblemException NoCsv(SiteLanguage language) => Of(
        StatusCodes.Status404NotFound, "NO_CSV", Phrases.ProblemNoCsv,
        Markup.Text(Texts.Of(language)[Phrases.ProblemNoCsvSentence]));

    /// <summary>A height whose state the index does not keep.</summary>
    public static PageProblemException NotKept(Height asked, Height newest, SiteLanguage language) => Of(
        StatusCodes.Status404NotFound, "NOT_KEPT", Phrases.ProblemNotKept,
        Texts.Of(language).Sentence(
            Phrases.ProblemNotKeptSentence,
            ("asked", Markup.Value(NumberText.Count(asked.Value, language))),
            ("newest", Markup.Value(NumberText.Count(newest.Value, language)))));

    /// <summary>Nothing is indexed yet.</summary>
    public static PageProblemException Starting(SiteLanguage language) => Of(
        StatusCodes.Status503ServiceUnavailable, "STARTING", Phrases.ProblemStarting,
        Markup.Text(Texts.Of(language)[Phrases.ProblemStartingSentence]));

    /// <summary>The index cannot be reached now.</summary>
    public static PageProblemException NoIndex(SiteLanguage language) => Of(
        StatusCodes.Status503ServiceUnavailable, "INDEX_UNAVAILABLE", Phrases.ProblemNoIndex,
        Markup.Text(Texts.Of(language)[Phrases.ProblemNoIndexSentence]));

    /// <summary>As many long answers as there may be are under way.</summary>
    public static PageProblemException Busy(SiteLanguage language) => Of(
        StatusCodes.Status503ServiceUnavailable, "BUSY", Phrases.ProblemBusy,
        Markup.Text(Texts.Of(language)[Phrases.ProblemBusySentence]));

    /// <summary>This program failed.</summary>
    public static PageProblemException Failed(SiteLanguage language) => Of(
        StatusCodes.Status500InternalServerError, "FAILED", Phrases.ProblemFailed,
        Markup.Text(Texts.Of(language)[Phrases.ProblemFailedSentence]));

    private static PageProblemException Of(int statusCode, string code, Phrase title, Markup sentence) =>
        new(new PageProblem(statusCode, code, title, sentence));
}
