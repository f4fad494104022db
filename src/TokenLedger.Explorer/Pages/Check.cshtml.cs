// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>How to check everything oneself.</summary>
internal sealed class CheckPage(Site site) : ExplorerPage(site)
{
    // A block without signatures of its own is covered by a later one, soon.
    private const int Looked = 100;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        Wording say = request.Say;
        Texts texts = request.Texts;
        IReadOnlyList<BlockRow> blocks = await request.View
            .BlocksAsync(request.View.Cursor.Height, Looked, cancellationToken).ConfigureAwait(false);
        Hash256 genesis = blocks[0].Header.GenesisHash;
        BlockRow? signed = blocks.FirstOrDefault(static block => block.Certificate is not null);
        return new PageAnswer(
            new Sheet(texts[Phrases.CheckYourself])
            {
                Lead = [Markup.Text(texts[Phrases.CheckLead])],
                Sections =
                [
                    new Section(Phrases.CheckNetwork)
                    {
                        Notes = [Markup.Text(texts[Phrases.CheckGenesisSentence])],
                        Facts = [Fact.Of(Phrases.CheckGenesis, Wording.Whole(genesis.ToString()))],
                    },
                    new Section(Phrases.CheckHere)
                    {
                        Notes = [Markup.Text(texts[Phrases.CheckHereSentence])],
                        Items = [.. Tools(texts)],
                    },
                    Steps(say, genesis),
                    new Section(Phrases.CheckFiles)
                    {
                        Notes = [Markup.Text(texts[Phrases.CheckFilesSentence])],
                    },
                    .. signed is null ? [] : (Section[])[Signers(say, signed)],
                ],
            },
            new
            {
                GenesisHash = genesis,
                SignedBlock = signed?.Height,
                Certificate = signed?.Certificate,
            })
        {
            IsLive = false,
        };
    }

    /// <summary>Links to the checking page, and to the same as a file.</summary>
    internal static IEnumerable<Markup> Tools(Texts texts) =>
    [
        Markup.Link(SitePaths.Verify(texts.Language), Markup.Text(texts[Phrases.VerifyPage])),
        Markup.Link(SitePaths.VerifierFile, Markup.Text(texts[Phrases.VerifierFile])),
    ];

    private static Section Steps(Wording say, Hash256 genesis) => new(Phrases.CheckSteps)
    {
        Items =
        [
            Markup.Text(say.Texts[Phrases.CheckStep1]),
            say.Say(
                Phrases.CheckStep2,
                ("command", Markup.Code("tl proof get --account 0x… --asset … --out proof.json"))),
            say.Say(
                Phrases.CheckStep3,
                ("command", Markup.Code($"tl proof verify proof.json --genesis {genesis}"))),
            Markup.Text(say.Texts[Phrases.CheckStep4]),
        ],
    };

    private static Section Signers(Wording say, BlockRow block) => new(Phrases.CheckSigners)
    {
        Notes =
        [
            say.Say(
                Phrases.CheckSignersSentence, ("count", say.Count((ulong)block.Certificate!.Count)),
                ("height", say.Block(block.Height))),
        ],
    };
}
