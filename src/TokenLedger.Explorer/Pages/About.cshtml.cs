// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>What this site is, and what the ledger cannot know.</summary>
internal sealed class AboutPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override Task<PageAnswer> LoadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        Texts texts = request.Texts;
        return Task.FromResult(new PageAnswer(
            new Sheet(texts[Phrases.AboutTitle])
            {
                Lead = [Markup.Text(texts[Phrases.AboutLead])],
                Sections =
                [
                    new Section(Phrases.AboutHow)
                    {
                        Notes =
                        [
                            Markup.Text(texts[Phrases.AboutHow1]),
                            Markup.Text(texts[Phrases.AboutHow2]),
                        ],
                        More = Markup.Link(
                            SitePaths.Check(Language), Markup.Text(texts[Phrases.CheckYourself])),
                    },
                    new Section(Phrases.CheckHere)
                    {
                        Notes = [Markup.Text(texts[Phrases.CheckHereSentence])],
                        Items = [.. CheckPage.Tools(texts)],
                    },
                    new Section(Phrases.AboutNot) { Notes = [Markup.Text(texts[Phrases.AboutNot1])] },
                    new Section(Phrases.AboutWords)
                    {
                        Items =
                        [
                            Markup.Text(texts[Phrases.AboutWordBlock]),
                            Markup.Text(texts[Phrases.AboutWordHash]),
                            Markup.Text(texts[Phrases.AboutWordProposal]),
                            Markup.Text(texts[Phrases.AboutWordUnits]),
                        ],
                    },
                ],
            },
            new { request.View.Cursor.Counts })
        {
            IsLive = false,
        });
    }
}
