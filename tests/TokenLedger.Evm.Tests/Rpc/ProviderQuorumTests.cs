// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Evm.Tests;

public sealed class ProviderQuorumTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Each letter is a provider: a and b answer so, x is out, r, s and e revert so, n refuses. All
    /// combinations of interest of three with two required.
    /// </summary>
    [Theory]
    [InlineData("aaa", "a")]
    [InlineData("aab", "a")]
    [InlineData("aba", "a")]
    [InlineData("baa", "a")]
    [InlineData("aax", "a")]
    [InlineData("axa", "a")]
    [InlineData("aan", "a")]
    [InlineData("abx", "disagree")]
    [InlineData("abn", "disagree")]
    [InlineData("axx", "unavailable")]
    [InlineData("axn", "unavailable")]
    [InlineData("nnn", "unavailable")]
    [InlineData("xxx", "unavailable")]
    [InlineData("rrx", "revert")]
    [InlineData("rra", "revert")]
    [InlineData("rsx", "disagree")]
    [InlineData("rax", "disagree")]
    [InlineData("rxx", "unavailable")]
    [InlineData("eex", "empty revert")]
    [InlineData("erx", "disagree")]
    public async Task Read_ThreeProvidersOfWhichTwoMustAgree_GivesAnswerOrTypedError(
        string said, string expected)
    {
        ProviderQuorum quorum = QuorumOf(said, 2);
        Task<QuorumAnswer<ulong>> read =
            quorum.ReadAsync("the chain", (client, cancel) => client.ChainIdAsync(cancel));
        switch (expected)
        {
            case "a":
                Assert.Equal(0xAul, (await read).Value);
                Assert.All((await read).Dissent, voice => Assert.Equal("11", voice.Answer));
                break;
            case "disagree":
                EvmDisagreementException e = await Assert.ThrowsAsync<EvmDisagreementException>(() => read);
                Assert.Equal(3, e.Voices.Length);
                Assert.All(e.Voices, voice =>
                    Assert.Contains($"[{voice.Provider}]", e.Message, StringComparison.Ordinal));
                break;
            case "unavailable":
                Assert.Equal(
                    3, (await Assert.ThrowsAsync<EvmUnavailableException>(() => read)).Voices.Length);
                break;
            case "empty revert":
                Assert.True((await Assert.ThrowsAsync<EvmRpcException>(() => read)).RevertData.IsEmpty);
                break;
            default:
                Assert.Equal(
                    (byte)'r', (await Assert.ThrowsAsync<EvmRpcException>(() => read)).RevertData[0]);
                break;
        }
    }

    [Theory]
    [InlineData(81)]
    public async Task Read_RandomProviders_NeverTakesWhatFewerThanRequiredSay(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 1_000; i++)
        {
            int count = gen.Int(1, 8);
            int required = gen.Int((count / 2) + 1, count + 1);
            string said = string.Concat(Enumerable.Range(0, count).Select(_ => "aaaabxrn"[gen.Int(0, 8)]));
            ProviderQuorum quorum = QuorumOf(said, required);
            try
            {
                ulong value = (await quorum.ReadAsync("it", (one, cancel) => one.ChainIdAsync(cancel))).Value;
                Assert.True(said.Count(letter => letter == (value == 0xA ? 'a' : 'b')) >= required, said);
            }
            catch (EvmDisagreementException)
            {
                Assert.True(Most(said) < required && said.Distinct().Count("abr".Contains) > 1, said);
            }
            catch (EvmUnavailableException)
            {
                Assert.True(Most(said) < required && said.Distinct().Count("abr".Contains) <= 1, said);
            }
            catch (EvmRpcException)
            {
                Assert.True(said.Count(letter => letter == 'r') >= required, said);
            }
        }
    }

    [Fact]
    public async Task Read_EnoughAgree_DoesNotWaitForTheSlowOne()
    {
        var cancelled = new TaskCompletionSource();
        ProviderQuorum quorum = QuorumOf("aab", 2);
        QuorumAnswer<int> answer = await quorum.ReadAsync("it", async (client, cancel) =>
        {
            if (client == quorum.Clients[0])
            {
                using CancellationTokenRegistration end = cancel.Register(() => cancelled.SetResult());
                await cancelled.Task;
            }

            return 7;
        });
        Assert.Equal(7, answer.Value);
        await cancelled.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Read_ThatNeverEnds_EndsAtTheDeadline()
    {
        var quorum = new ProviderQuorum(
            QuorumOf("aaa", 2).Clients, 2, TimeSpan.FromMilliseconds(100), TimeProvider.System);
        EvmUnavailableException e = await Assert.ThrowsAsync<EvmUnavailableException>(() =>
            quorum.ReadAsync("it", (_, _) => new TaskCompletionSource<int>().Task));
        Assert.All(e.Voices, voice => Assert.False(voice.IsAnswer));
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            quorum.ReadAsync("it", (_, _) => new TaskCompletionSource<int>().Task, cancel.Token));
    }

    [Fact]
    public async Task Read_MistakeInTheReader_IsNotTakenForAnOutage() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => QuorumOf("aaa", 2)
            .ReadAsync<int>("it", (_, _) => throw new InvalidOperationException()));

    [Fact]
    public async Task Read_ValuesOfAllKinds_AreComparedByContent()
    {
        ProviderQuorum quorum = QuorumOf("aab", 3);
        await Agree(() => new byte[] { 1, 2 });
        await Agree(() => ImmutableArray.Create<byte>(1, 2));
        await Agree(() => ImmutableArray.Create(Log(), Log()));
        await Agree(() => new[] { Log() });
        await Agree(() => (Log(), 7, "x"));
        await Agree(Log);
        await Agree(() => (EvmReceipt?)null);
        await Agree(() => Hash256.Zero);
        await Differ(new byte[] { 1 }, new byte[] { 2 });
        await Differ(ImmutableArray.Create(Log()), ImmutableArray.Create(Log() with { Index = 1 }));
        await Differ<EvmLog?>(null, Log());

        async Task Agree<T>(Func<T> make) =>
            Assert.Empty((await quorum.ReadAsync("it", (_, _) => Task.FromResult(make()))).Dissent);

        Task Differ<T>(T one, T other) => Assert.ThrowsAsync<EvmDisagreementException>(() => quorum.ReadAsync(
            "it", (client, _) => Task.FromResult(client == quorum.Clients[0] ? one : other)));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(3, 4)]
    [InlineData(0, 0)]
    [InlineData(17, 10)]
    public void Create_NumberThatIsNoMajority_Throws(int count, int required) =>
        Assert.ThrowsAny<ArgumentException>(() => QuorumOf(new string('a', count), required));

    [Fact]
    public void Create_OneProviderTwice_Throws()
    {
        IReadOnlyList<EvmClient> clients = QuorumOf("ab", 2).Clients;
        Assert.Throws<ArgumentException>(() =>
            new ProviderQuorum([clients[0], clients[1], clients[0]], 2, Deadline, TimeProvider.System));
    }

    private static int Most(string said) => "abr".Max(kind => said.Count(letter => letter == kind));

    private static EvmLog Log() => new(default, [Hash256.Zero], [1, 2], 3, default, default, 0);

    private static ProviderQuorum QuorumOf(string said, int required) => new(
        said.Select((letter, i) => FakeNode.Client((_, _) => Say(letter), $"{letter}{i}")),
        required, Deadline, TimeProvider.System);

    private static JsonNode Say(char letter) => letter switch
    {
        'a' => "0xa",
        'b' => "0xb",
        'r' or 's' => FakeNode.Error(3, "execution reverted", $"0x{(int)letter:x2}"),
        'e' => FakeNode.Error(3, "execution reverted"),
        'n' => FakeNode.Error(-32601, "no such method"),
        _ => throw new HttpRequestException("out"),
    };
}
