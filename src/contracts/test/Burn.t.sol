// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Limits, TLBooks, TokenState} from "../src/TLBooks.sol";
import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {TLBurnChain} from "../src/TLBurnChain.sol";
import {Proof, TLProof} from "../src/TLProof.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";

/// @title Burning, pauses and limits.
contract BurnTest is Base {
    function setUp() external {
        _start(4);
        _mint(1, ALICE, 400 * UNIT, 2000 * UNIT);
        _mint(2, BOB, 500 * UNIT, 2000 * UNIT);
    }

    function test_Burn_Holder_IsChained() external {
        bytes32 acc;
        acc = keccak256(abi.encode(acc, uint64(1), address(token), ALICE, RECIPIENT, 5 * UNIT));
        vm.expectEmit(address(bridge));
        emit TLBurnChain.Burned(1, address(token), ALICE, RECIPIENT, 5 * UNIT, acc);
        vm.prank(ALICE);
        _eq(bridge.burn(address(token), 5 * UNIT, RECIPIENT), 1);
        _eq(bridge.burnAcc(), acc);
        acc = keccak256(abi.encode(acc, uint64(2), address(token), BOB, RECIPIENT, UNIT));
        vm.prank(BOB);
        _eq(bridge.burn(address(token), UNIT, RECIPIENT), 2);
        _eq(bridge.burnAcc(), acc);
        TokenState memory state = bridge.state(address(token));
        _true(state.burned == 6 * UNIT && token.totalSupply() == state.minted - state.burned);
        _eq(state.burnAvailable, state.burnCapacity - 6 * UNIT);
    }

    function test_Burn_Slots_AreWhereAProofOfStateReadsThem() external {
        vm.prank(ALICE);
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.prank(GUARD);
        bridge.pauseMint();
        _eq(uint64(uint256(vm.load(address(bridge), 0))), bridge.burnNonce());
        // One burn, minting paused, and the pause counted as an action.
        _eq(uint256(vm.load(address(bridge), 0)), 1 | 1 << 64 | 1 << 80);
        _eq(vm.load(address(bridge), bytes32(uint256(1))), bridge.burnAcc());
    }

    function test_Burn_BadRecipient_Reverts() external {
        bytes32[3] memory recipients =
            [bytes32(0), bytes32(uint256(7) << 32), RECIPIENT | bytes32(uint256(1))];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(ALICE);
            vm.expectRevert(abi.encodeWithSelector(TLBurnChain.BadRecipient.selector, recipients[i]));
            bridge.burn(address(token), UNIT, recipients[i]);
        }
    }

    function test_Burn_NothingOrTooMuchOrUnknown_Reverts() external {
        vm.prank(ALICE);
        vm.expectPartialRevert(TLBridge.ZeroAmount.selector);
        bridge.burn(address(token), 0, RECIPIENT);
        vm.prank(ALICE);
        vm.expectRevert();
        bridge.burn(address(token), 400 * UNIT + 1, RECIPIENT);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(TLBooks.NotListed.selector, NOBODY));
        bridge.burn(NOBODY, UNIT, RECIPIENT);
        _true(bridge.burnNonce() == 0 && bridge.burnAcc() == 0);
    }

    function test_Burn_EmptyBucket_RevertsUntilItFilled() external {
        vm.warp(block.timestamp + 1 days);
        _mint(3, ALICE, 500 * UNIT, 2000 * UNIT);
        vm.prank(ALICE);
        bridge.burn(address(token), 900 * UNIT, RECIPIENT);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(TLBooks.BurnLimited.selector, 101 * UNIT, 100 * UNIT));
        bridge.burn(address(token), 101 * UNIT, RECIPIENT);
        vm.warp(block.timestamp + 3 hours);
        vm.prank(BOB);
        bridge.burn(address(token), 225 * UNIT, RECIPIENT);
        _eq(bridge.state(address(token)).burnAvailable, 0);
    }

    function test_Bucket_AskedEverySecond_FillsNeverthelessInItsWindow() external {
        // One that fills by one unit in many seconds.
        Limits memory limits = Limits(10_000 * UNIT, 500 * UNIT, 2_000 * UNIT, 100, 1 days, 100_000);
        _govern(address(bridge), abi.encodeCall(TLBridge.raiseLimit, (address(token), limits)));
        vm.prank(ALICE);
        bridge.burn(address(token), 100, RECIPIENT);
        uint256 burned = 0;
        for (uint256 i = 0; i < 1000; ++i) {
            vm.warp(block.timestamp + 12);
            if (bridge.state(address(token)).burnAvailable != 0) {
                vm.prank(ALICE);
                bridge.burn(address(token), 1, RECIPIENT);
                ++burned;
            }
        }
        _eq(burned, 12);
    }

    function test_BurnWithPermit_Signed_UsesItUp() external {
        (uint256 key, address owner) = (77, vm.addr(77));
        vm.prank(REGISTRY);
        d.eligibility.setHolder(owner, 1, 276, SOON, false);
        _mint(3, owner, 10 * UNIT, 2000 * UNIT);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _permit(owner, 4 * UNIT));
        vm.prank(owner);
        _eq(bridge.burnWithPermit(address(token), 4 * UNIT, RECIPIENT, SOON, v, r, s), 1);
        _true(token.balanceOf(owner) == 6 * UNIT && token.allowance(owner, address(bridge)) == 0);
        // The same permit is used up.
        vm.prank(owner);
        vm.expectRevert();
        bridge.burnWithPermit(address(token), 4 * UNIT, RECIPIENT, SOON, v, r, s);
        // One that somebody else brought before does as well.
        (v, r, s) = vm.sign(key, _permit(owner, 4 * UNIT));
        token.permit(owner, address(bridge), 4 * UNIT, SOON, v, r, s);
        vm.prank(owner);
        _eq(bridge.burnWithPermit(address(token), 4 * UNIT, RECIPIENT, SOON, v, r, s), 2);
        // Another's units stay with him.
        vm.prank(ALICE);
        vm.expectRevert();
        bridge.burnWithPermit(address(token), 1, RECIPIENT, SOON, v, r, s);
    }

    function test_EnforcementBurn_Enforcer_ReachesIntoFrozenUnits() external {
        vm.startPrank(ENFORCE);
        token.setAddressFrozen(ALICE, true);
        token.setFrozenTokens(ALICE, 350 * UNIT);
        vm.expectEmit(address(bridge));
        emit TLBurnChain.Burned(
            1,
            address(token),
            ALICE,
            RECIPIENT,
            100 * UNIT,
            keccak256(abi.encode(bytes32(0), uint64(1), address(token), ALICE, RECIPIENT, 100 * UNIT))
        );
        bridge.enforcementBurn(address(token), ALICE, 100 * UNIT, RECIPIENT);
        token.setAddressFrozen(ALICE, false);
        vm.stopPrank();
        _eq(token.balanceOf(ALICE), 300 * UNIT);
        _eq(token.getFrozenTokens(ALICE), 300 * UNIT);
        vm.expectRevert();
        bridge.enforcementBurn(address(token), ALICE, 1, RECIPIENT);
        vm.prank(ENFORCE);
        vm.expectRevert();
        bridge.enforcementBurn(address(token), ALICE, 301 * UNIT, RECIPIENT);
        vm.prank(ENFORCE);
        vm.expectRevert();
        bridge.enforcementBurn(address(token), address(0), 1, RECIPIENT);
    }

    function test_Pause_Guardian_StopsOneDirectionAtOnce() external {
        MintItem[] memory items = _item(3, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, 2000 * UNIT));
        vm.expectRevert();
        bridge.pauseMint();
        vm.expectRevert();
        bridge.pauseBurn();
        vm.prank(GUARD);
        bridge.pauseMint();
        vm.expectPartialRevert(TLBridge.MintPaused.selector);
        bridge.mintBatch(address(token), items, SOON, 2000 * UNIT, proof);
        vm.prank(ALICE);
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.prank(GUARD);
        bridge.pauseBurn();
        vm.prank(ALICE);
        vm.expectPartialRevert(TLBridge.BurnPaused.selector);
        bridge.burn(address(token), UNIT, RECIPIENT);
        // Transfers go on, and locks are given back.
        vm.prank(ALICE);
        token.transfer(BOB, UNIT);
        uint64[] memory nonces = new uint64[](1);
        nonces[0] = 3;
        bridge.voidNonces(address(token), nonces, _hot(_voidDigest(address(token), nonces)));
    }

    function test_Unpause_ColdQuorum_Lifts() external {
        vm.startPrank(GUARD);
        bridge.pauseMint();
        bridge.pauseBurn();
        vm.stopPrank();
        uint64 eta = uint64(block.timestamp + 60);
        // Two pauses came before.
        Proof memory proof = _cold(_coldDigest(3, bridge.hashUnpause(true, false), eta));
        vm.expectRevert(abi.encodeWithSelector(TLBridge.TooEarly.selector, eta));
        bridge.unpause(true, false, 3, eta, proof);
        vm.warp(eta);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.unpause(true, true, 3, eta, proof);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.WrongActionNonce.selector, 4, 3));
        bridge.unpause(true, false, 4, eta, proof);
        // A rotation of the hot set does not make it worthless.
        set.rotate(hot, 2, 0, _hot(_rotateDigest(hot, 2, 0)));
        bridge.unpause(true, false, 3, eta, proof);
        _true(!bridge.mintPaused() && bridge.burnPaused() && bridge.actionNonce() == 3);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.WrongActionNonce.selector, 3, 4));
        bridge.unpause(true, false, 3, eta, proof);
        bridge.unpause(false, true, 4, 0, _cold(_coldDigest(4, bridge.hashUnpause(false, true), 0)));
        _true(!bridge.burnPaused());
    }

    function test_Unpause_SignedBeforeThePause_Reverts() external {
        Proof memory proof = _cold(_coldDigest(1, bridge.hashUnpause(true, true), 0));
        vm.startPrank(GUARD);
        bridge.pauseMint();
        // What is paused already is no pause more.
        bridge.pauseMint();
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(TLBridge.WrongActionNonce.selector, 1, 2));
        bridge.unpause(true, true, 1, 0, proof);
        _true(bridge.mintPaused());
    }

    function test_Unpause_HotQuorum_Reverts() external {
        vm.prank(GUARD);
        bridge.pauseMint();
        Proof memory proof = _hot(_coldDigest(2, bridge.hashUnpause(true, true), 0));
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        bridge.unpause(true, true, 2, 0, proof);
    }

    function test_LowerLimit_Limiter_OnlyLowers() external {
        Limits memory limits = _limits();
        for (uint256 i = 0; i < 6; ++i) {
            limits = _limits();
            if (i == 0) ++limits.ceiling;
            if (i == 1) ++limits.perItem;
            if (i == 2) ++limits.mintCapacity;
            if (i == 3) ++limits.burnCapacity;
            if (i == 4) --limits.mintWindow;
            if (i == 5) --limits.burnWindow;
            vm.prank(LIMIT);
            vm.expectPartialRevert(TLBooks.NotLower.selector);
            bridge.lowerLimit(address(token), limits);
        }
        limits = Limits(900 * UNIT, UNIT, 2 * UNIT, 3 * UNIT, 2 days, 2 days);
        vm.expectRevert();
        bridge.lowerLimit(address(token), limits);
        vm.expectEmit(address(bridge));
        emit TLBooks.LimitChanged(address(token), limits);
        vm.prank(LIMIT);
        bridge.lowerLimit(address(token), limits);
        TokenState memory state = bridge.state(address(token));
        _true(state.mintAvailable == 2 * UNIT && state.burnAvailable == 3 * UNIT && state.perItem == UNIT);
        _true(state.minted == 900 * UNIT && state.ceiling == 900 * UNIT && state.mintWindow == 2 days);
        vm.prank(LIMIT);
        vm.expectRevert();
        bridge.raiseLimit(address(token), _limits());
        vm.prank(LIMIT);
        vm.expectRevert(abi.encodeWithSelector(TLBooks.NotListed.selector, NOBODY));
        bridge.lowerLimit(NOBODY, limits);
    }

    function test_RaiseLimit_Timelock_Raises() external {
        Limits memory limits = _limits();
        limits.perItem = 600 * UNIT;
        limits.mintCapacity = 5000 * UNIT;
        uint256 available = bridge.state(address(token)).mintAvailable;
        _govern(address(bridge), abi.encodeCall(TLBridge.raiseLimit, (address(token), limits)));
        TokenState memory state = bridge.state(address(token));
        _true(state.perItem == 600 * UNIT && state.mintCapacity == 5000 * UNIT);
        // A greater bucket is not fuller for that: two days filled the old one.
        _true(state.mintAvailable == 2000 * UNIT && available < 2000 * UNIT);
    }

    function test_ListToken_OnlyOwnAndOnce() external {
        Limits memory limits = _limits();
        _governReverts(address(bridge), abi.encodeCall(TLBridge.listToken, (address(token), limits)));
        _governReverts(address(bridge), abi.encodeCall(TLBridge.listToken, (NOBODY, limits)));
        TLToken other = _token(address(set));
        _governReverts(address(bridge), abi.encodeCall(TLBridge.listToken, (address(other), limits)));
        other = _token(address(bridge));
        limits.mintWindow = 0;
        _governReverts(address(bridge), abi.encodeCall(TLBridge.listToken, (address(other), limits)));
        (limits.mintWindow, limits.burnWindow) = (1, 0);
        _governReverts(address(bridge), abi.encodeCall(TLBridge.listToken, (address(other), limits)));
        _true(!bridge.state(address(other)).listed);
        limits.burnWindow = 1;
        _govern(address(bridge), abi.encodeCall(TLBridge.listToken, (address(other), limits)));
        _true(bridge.state(address(other)).listed);
    }

    function test_New_NoValidatorSet_Reverts() external {
        vm.expectRevert(abi.encodeWithSelector(TLBridge.WrongContract.selector, NOBODY));
        this.make("TLBridge.sol:TLBridge", abi.encode(NOBODY, address(d.manager)));
    }

    function test_Reentered_Reverts() external {
        // A token that calls back: none that is listed does, but if one did it would fail.
        vm.etch(address(open), type(Caller).runtimeCode);
        MintItem[] memory items = _item(3, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(open), items, SOON, UNIT));
        bridge.mintBatch(address(open), items, SOON, UNIT, proof);
        _true(bridge.isConsumed(3));
    }

    function _governReverts(address target, bytes memory data) private {
        uint64 nonce = d.governor.actionNonce() + 1;
        d.governor
            .propose(
                target, data, nonce, 0, _hot(_actionDigest(nonce, d.governor.hashPropose(target, data), 0))
            );
        vm.warp(block.timestamp + 48 hours);
        bytes32 salt = bytes32(uint256(nonce));
        (bool done,) = address(d.governor.timelock())
            .call(
                abi.encodeWithSignature(
                    "execute(address,uint256,bytes,bytes32,bytes32)", target, 0, data, 0, salt
                )
            );
        _true(!done);
    }

    function _token(address bridge_) private returns (TLToken) {
        return TLToken(
            this.make(
                "TLToken.sol:TLToken",
                abi.encode("N", "S", 6, bridge_, d.eligibility, d.eligibility, address(d.manager))
            )
        );
    }

    function _permit(address owner, uint256 amount) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(
            abi.encode(typeHash, owner, address(bridge), amount, token.nonces(owner), uint256(SOON))
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
    }
}

/// @title Tries every way back into the bridge while it is minted.
contract Caller {
    function totalSupply() external pure returns (uint256) {
        return 0;
    }

    function crosschainMint(address, uint256) external {
        Proof memory proof;
        try TLBridge(msg.sender).mintBatch(address(this), new MintItem[](1), type(uint64).max, 0, proof) {
            revert("minted");
        } catch (bytes memory why) {
            require(bytes4(why) == TLBridge.Reentered.selector, "not refused");
        }
        try TLBridge(msg.sender).voidNonces(address(this), new uint64[](1), proof) {
            revert("voided");
        } catch (bytes memory why) {
            require(bytes4(why) == TLBridge.Reentered.selector, "not refused");
        }
    }
}
