// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Tests;

public sealed class MailboxTests
{
    [Fact]
    public void TryTake_BothLanes_OwnComesFirst()
    {
        using var mailbox = new Mailbox<string>(4, Lanes(4));
        Assert.True(mailbox.TryPost(0, "peer"));
        mailbox.Post("own 1");
        mailbox.Post("own 2");
        Assert.Equal(3, mailbox.Count);
        Assert.Equal(["own 1", "own 2", "peer"], TakeAll(mailbox));
        Assert.False(mailbox.TryTake(TimeSpan.Zero, out _));
    }

    [Fact]
    public void TryPost_FullLane_IsRefusedAndOwnLaneIsNot()
    {
        using var mailbox = new Mailbox<string>(4, Lanes(2));
        Assert.True(mailbox.TryPost(0, "1"));
        Assert.True(mailbox.TryPost(0, "2"));
        Assert.False(mailbox.TryPost(0, "3"));
        mailbox.Post("own");
        Assert.Equal(["own", "1", "2"], TakeAll(mailbox));
        Assert.True(mailbox.TryPost(0, "4"));
    }

    [Fact]
    public void TryPost_OverItsBytes_IsRefusedUntilSomeAreTaken()
    {
        using var mailbox = new Mailbox<string>(4, [new LaneLimit(100, 10)], text => text.Length);
        Assert.True(mailbox.TryPost(0, "123456"));
        Assert.False(mailbox.TryPost(0, "12345"));
        Assert.True(mailbox.TryPost(0, "1234"));
        Assert.True(mailbox.TryTake(TimeSpan.Zero, out _));
        Assert.True(mailbox.TryPost(0, "12345"));
    }

    [Fact]
    public void TryPost_FloodOfOneLane_IsRefusedAndEveryOtherLaneIsServedInTurn()
    {
        const int Room = 1_000;
        using var mailbox = new Mailbox<string>(4, Lanes(Room, Room, Room));
        for (int i = 0; i < Room; i++)
        {
            Assert.True(mailbox.TryPost(0, "flood"));
        }

        Assert.False(mailbox.TryPost(0, "flood"));
        Assert.True(mailbox.TryPost(1, "one"));
        Assert.True(mailbox.TryPost(2, "two"));
        Assert.True(mailbox.TryPost(2, "two"));
        List<string> taken = TakeAll(mailbox);
        Assert.Equal(["flood", "one", "two", "flood", "two", "flood"], taken.Take(6));
        Assert.Equal(Room + 3, taken.Count);
    }

    /// <summary>
    /// Turns are of bytes: small items are not held up by as many large ones, and what is large is served
    /// all the same.
    /// </summary>
    [Fact]
    public void TryTake_LargeAndSmallItems_ShareByBytes()
    {
        const int Large = (int)Limits.MailboxTurnBytes;
        const int Small = Large / 64;
        using var mailbox = new Mailbox<string>(
            4, Enumerable.Repeat(new LaneLimit(1_000, long.MaxValue), 2),
            item => item == "large" ? 2 * Large : Small);
        for (int i = 0; i < 1_000; i++)
        {
            mailbox.TryPost(0, "large");
            mailbox.TryPost(1, "small");
        }

        string[] first = [.. TakeAll(mailbox).Take(516)];
        Assert.Equal("large", first[0]);
        Assert.InRange(first.Count(item => item == "large"), 4, 5);
    }

    [Fact]
    public void TryTake_AfterAnExpensiveItem_DoesNotKeepALoneLaneWaiting()
    {
        using var mailbox = new Mailbox<string>(4, Lanes(4), static _ => 100 * Limits.MailboxTurnBytes);
        mailbox.TryPost(0, "1");
        mailbox.TryPost(0, "2");
        Assert.Equal(["1", "2"], TakeAll(mailbox));
    }

    [Fact]
    public void Post_OverItsBound_IsABrokenInvariant()
    {
        using var mailbox = new Mailbox<string>(1, Lanes(1));
        mailbox.Post("1");
        Assert.Throws<InvariantException>(() => mailbox.Post("2"));
    }

    [Fact]
    public async Task Close_WaitingReader_IsWokenAndNothingMoreComesIn()
    {
        using var mailbox = new Mailbox<string>(4, Lanes(4));
        Task<bool> reader = Task.Run(() => mailbox.TryTake(Within.Patience, out _));
        mailbox.Close();
        Assert.False(await reader.WaitAsync(Within.Patience));
        mailbox.Post("late");
        Assert.False(mailbox.TryPost(0, "late"));
        Assert.True(mailbox.IsClosed);
        Assert.Equal(0, mailbox.Count);
    }

    [Fact]
    public async Task Post_ManyWriters_LosesNoItemAndNoWakeUp()
    {
        const int Writers = 8;
        const int Each = 5_000;
        using var mailbox = new Mailbox<string>(Writers * Each, Lanes(Each, Each, Each, Each));
        Task<int> reader = Task.Run(() =>
        {
            int taken = 0;
            while (taken < Writers * Each && mailbox.TryTake(Within.Patience, out _))
            {
                taken++;
            }

            return taken;
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                if (writer % 2 == 0)
                {
                    mailbox.Post("own");
                }
                else
                {
                    Assert.True(mailbox.TryPost(writer / 2, "peer"));
                }
            }
        })));
        Assert.Equal(Writers * Each, await reader.WaitAsync(Within.Patience));
        Assert.Equal(0, mailbox.Count);
    }

    private static IEnumerable<LaneLimit> Lanes(params int[] items) =>
        items.Select(count => new LaneLimit(count, long.MaxValue));

    private static List<string> TakeAll(Mailbox<string> mailbox)
    {
        var taken = new List<string>();
        while (mailbox.TryTake(TimeSpan.Zero, out string? item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
