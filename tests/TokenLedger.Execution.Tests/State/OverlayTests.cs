// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Execution.Tests.State;

public class OverlayTests
{
    private readonly MemoryState _parent = new();

    public OverlayTests()
    {
        Put("b", "parent b");
        Put("d", "parent d");
    }

    [Fact]
    public void Reads_FallThrough_WritesStay()
    {
        var overlay = new Overlay(_parent);
        overlay.Put(Key("a"), Value("new a"));
        overlay.Remove(Key("b"));

        Assert.Equal("new a", Get(overlay, "a"));
        Assert.Null(Get(overlay, "b"));
        Assert.Equal("parent d", Get(overlay, "d"));
        Assert.Equal("parent b", Get(_parent, "b"));
    }

    [Fact]
    public void Changes_AreSortedByBytes_EachKeyOnce()
    {
        var overlay = new Overlay(_parent);
        overlay.Put(Key("z"), Value("1"));
        overlay.Put(Key("a"), Value("2"));
        overlay.Put(Key("z"), Value("3"));
        overlay.Remove(Key("b"));

        Assert.Equal(["a=2", "b=", "z=3"], overlay.Changes().Select(Show));
    }

    [Fact]
    public void RollBack_Nested_RestoresEachLevel()
    {
        var overlay = new Overlay(_parent);
        overlay.Put(Key("a"), Value("1"));
        Savepoint outer = overlay.Save();
        overlay.Put(Key("a"), Value("2"));
        Savepoint inner = overlay.Save();
        overlay.Remove(Key("a"));
        overlay.Put(Key("d"), Value("over d"));

        overlay.RollBack(inner);
        Assert.Equal("2", Get(overlay, "a"));
        Assert.Equal("parent d", Get(overlay, "d"));

        overlay.RollBack(outer);
        Assert.Equal(["a=1"], overlay.Changes().Select(Show));
    }

    [Fact]
    public void Stacked_ChildSeesParentsWrites_SiblingsDoNotSeeEachOther()
    {
        var parent = new Overlay(_parent);
        parent.Put(Key("a"), Value("1"));
        parent.Freeze();
        var left = new Overlay(parent);
        var right = new Overlay(parent);
        left.Put(Key("a"), Value("left"));

        Assert.Equal("left", Get(left, "a"));
        Assert.Equal("1", Get(right, "a"));
        Assert.Equal("1", Get(parent, "a"));
    }

    [Fact]
    public void Freeze_ThenWrite_BreaksAnInvariant()
    {
        var overlay = new Overlay(_parent);
        overlay.Freeze();

        Assert.Throws<InvariantException>(() => overlay.Put(Key("a"), Value("1")));
        Assert.Throws<InvariantException>(() => overlay.RollBack(default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public void Range_OverManyRandomWrites_EqualsAPlainDictionary(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["b"] = "parent b",
            ["d"] = "parent d",
        };
        IStateView top = _parent;
        for (int layer = 0; layer < 4; layer++)
        {
            var overlay = new Overlay(top);
            for (int i = 0; i < 200; i++)
            {
                string key = RandomKey(random);
                Savepoint point = overlay.Save();
                if (random.Next(3) == 0)
                {
                    overlay.Remove(Key(key));
                    model.Remove(key);
                }
                else if (random.Next(4) == 0)
                {
                    overlay.Put(Key(key), Value("undone"));
                    overlay.RollBack(point);
                }
                else
                {
                    overlay.Put(Key(key), Value($"{layer}.{i}"));
                    model[key] = $"{layer}.{i}";
                }

                if (i % 20 == 0)
                {
                    Compare(random, overlay, model, seed);
                }
            }

            overlay.Freeze();
            Compare(random, overlay, model, seed);
            top = overlay;
        }
    }

    private static void Compare(
        Random random, Overlay overlay, SortedDictionary<string, string> model, int seed)
    {
        string from = RandomKey(random);
        string to = RandomKey(random);
        int limit = random.Next(1, 90);
        IEnumerable<string> expected = model
            .Where(row => string.CompareOrdinal(row.Key, from) >= 0 && string.CompareOrdinal(row.Key, to) < 0)
            .Take(limit)
            .Select(row => $"{row.Key}={row.Value}");
        IEnumerable<string> actual = overlay.Range(Key(from), Key(to), limit)
            .Select(e => $"{Encoding.ASCII.GetString(e.Key.Span)}={Encoding.ASCII.GetString(e.Value.Span)}");
        Assert.True(expected.SequenceEqual(actual), $"seed {seed}: [{from}, {to}) limit {limit}");
    }

    private static string RandomKey(Random random) =>
        $"{(char)random.Next('a', 'f')}{(random.Next(3) == 0 ? "" : $"{random.Next(40)}")}";

    private void Put(string key, string value) => _parent.Put(Key(key), Value(value));

    private static byte[] Key(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Value(string text) => Encoding.ASCII.GetBytes(text);

    private static string? Get(IStateView view, string key) =>
        view.TryGet(Key(key), out ReadOnlyMemory<byte> value) ? Encoding.ASCII.GetString(value.Span) : null;

    private static string Show(StateChange change) =>
        Encoding.ASCII.GetString(change.Key.Span) + "="
        + (change.Value is { } v ? Encoding.ASCII.GetString(v.Span) : "");
}
