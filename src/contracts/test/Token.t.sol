// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC7943Fungible} from "../src/IERC7943Fungible.sol";
import {TLCodes} from "../src/TLCodes.sol";
import {TLDenylist} from "../src/TLDenylist.sol";
import {TLEligibility} from "../src/TLEligibility.sol";
import {TLPolicy} from "../src/TLPolicy.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";

/// @title Tokens, the register and the policies.
contract TokenTest is Base {
    TLEligibility private register;
    address private constant VENUE = address(0x7E17E);
    address private constant CAROL = address(0xCA401);

    function setUp() external {
        _start(4);
        register = d.eligibility;
        _mint(1, ALICE, 100 * UNIT, 200 * UNIT);
        _mint(open, _item(2, ALICE, 100 * UNIT), 200 * UNIT);
        vm.etch(VENUE, hex"00");
        vm.prank(REGISTRY);
        register.setVenue(VENUE, keccak256(hex"00"), 30 * UNIT);
    }

    function test_Transfer_Holders_Moves() external {
        _code(ALICE, BOB, UNIT, TLCodes.OK);
        vm.prank(ALICE);
        token.transfer(BOB, UNIT);
        _eq(token.balanceOf(BOB), UNIT);
        _eq(token.decimals(), 6);
    }

    function test_Transfer_Stranger_Reverts() external {
        _refused(
            CAROL,
            UNIT,
            TLCodes.RECEIVER,
            abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, CAROL)
        );
        _true(!token.canReceive(CAROL) && token.canReceive(BOB) && token.canSend(CAROL));
        // The other token's law lets him.
        vm.prank(ALICE);
        open.transfer(CAROL, UNIT);
        _eq(open.balanceOf(CAROL), UNIT);
    }

    function test_Transfer_StandingOver_SendsAndDoesNotReceive() external {
        vm.prank(ALICE);
        token.transfer(BOB, UNIT);
        vm.prank(REGISTRY);
        register.setHolder(BOB, 1, 276, uint64(block.timestamp), false);
        _code(ALICE, BOB, UNIT, TLCodes.OK);
        vm.warp(block.timestamp + 1);
        _refused(
            BOB,
            UNIT,
            TLCodes.RECEIVER,
            abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, BOB)
        );
        vm.prank(BOB);
        token.transfer(ALICE, UNIT);
    }

    function test_Transfer_Denied_NeitherSendsNorReceivesNorBurns() external {
        vm.startPrank(REGISTRY);
        register.setHolder(ALICE, 1, 276, SOON, true);
        vm.stopPrank();
        _true(
            register.isDenied(ALICE) && !token.canSend(ALICE) && !token.canReceive(ALICE)
                && !open.canReceive(ALICE)
        );
        _refused(
            BOB,
            UNIT,
            TLCodes.SENDER,
            abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, ALICE)
        );
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, ALICE));
        open.transfer(BOB, UNIT);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, ALICE));
        bridge.burn(address(token), UNIT, RECIPIENT);
        _eq(open.detectTransferRestriction(BOB, ALICE, 0), TLCodes.RECEIVER);
    }

    function test_Transfer_FrozenAccount_Reverts() external {
        vm.prank(ENFORCE);
        token.setAddressFrozen(ALICE, true);
        _eq(token.getFrozenTokens(ALICE), type(uint256).max);
        _refused(
            BOB,
            UNIT,
            TLCodes.SENDER,
            abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, ALICE)
        );
        _eq(token.detectTransferRestriction(BOB, ALICE, 0), TLCodes.RECEIVER_FROZEN);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, ALICE));
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.prank(ENFORCE);
        token.setAddressFrozen(ALICE, false);
        vm.prank(ALICE);
        token.transfer(BOB, UNIT);
    }

    function test_Transfer_FrozenUnits_Stay() external {
        vm.prank(ENFORCE);
        _true(token.setFrozenTokens(ALICE, 60 * UNIT));
        _eq(token.getFrozenTokens(ALICE), 60 * UNIT);
        bytes memory why = abi.encodeWithSelector(
            IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector, ALICE, 41 * UNIT, 40 * UNIT
        );
        _refused(BOB, 41 * UNIT, TLCodes.FROZEN, why);
        vm.prank(ALICE);
        vm.expectRevert(why);
        bridge.burn(address(token), 41 * UNIT, RECIPIENT);
        vm.prank(ALICE);
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.prank(ALICE);
        token.transfer(BOB, 39 * UNIT);
        // More than there is, and more than can be counted.
        vm.prank(ENFORCE);
        token.setFrozenTokens(ALICE, type(uint256).max);
        _eq(token.getFrozenTokens(ALICE), type(uint248).max);
        why =
            abi.encodeWithSelector(IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector, ALICE, 1, 0);
        _refused(BOB, 1, TLCodes.FROZEN, why);
    }

    function test_Transfer_MoreThanThereIs_Reverts() external {
        bytes memory why = abi.encodeWithSelector(
            IERC20Errors.ERC20InsufficientBalance.selector, ALICE, 100 * UNIT, 101 * UNIT
        );
        _refused(BOB, 101 * UNIT, TLCodes.FROZEN, why);
        vm.prank(ALICE);
        vm.expectRevert(why);
        bridge.burn(address(token), 101 * UNIT, RECIPIENT);
    }

    function test_Transfer_Paused_Reverts() external {
        vm.expectRevert();
        token.setPaused(true);
        vm.prank(PAUSE);
        token.setPaused(true);
        _refused(
            BOB, UNIT, TLCodes.PAUSED, abi.encodeWithSelector(TLToken.Restricted.selector, TLCodes.PAUSED)
        );
        // The bridge is not concerned.
        _mint(3, ALICE, UNIT, 200 * UNIT);
        vm.prank(ALICE);
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.prank(PAUSE);
        token.setPaused(false);
        vm.prank(ALICE);
        token.transfer(BOB, UNIT);
    }

    function test_Transfer_Venue_HoldsUpToItsCap() external {
        vm.prank(ALICE);
        token.transfer(VENUE, 30 * UNIT);
        _refused(VENUE, 1, TLCodes.CAP, abi.encodeWithSelector(TLToken.Restricted.selector, TLCodes.CAP));
        _refused(
            VENUE, 31 * UNIT, TLCodes.CAP, abi.encodeWithSelector(TLToken.Restricted.selector, TLCodes.CAP)
        );
        _true(token.canReceive(VENUE) && register.isEligible(VENUE) && register.capOf(VENUE) == 30 * UNIT);
        // Other code at the address: nobody knows it any longer.
        vm.etch(VENUE, hex"01");
        _true(!register.isEligible(VENUE) && !token.canReceive(VENUE));
        vm.prank(VENUE);
        token.transfer(ALICE, 30 * UNIT);
        vm.etch(VENUE, hex"00");
        vm.prank(REGISTRY);
        register.setHolder(VENUE, 0, 0, 0, true);
        _true(!register.isEligible(VENUE));
    }

    function test_Register_WrongEntries_Revert() external {
        vm.expectRevert();
        register.setHolder(CAROL, 1, 276, SOON, false);
        vm.expectRevert();
        register.setVenue(VENUE, keccak256(hex"00"), 1);
        vm.startPrank(REGISTRY);
        vm.expectPartialRevert(TLEligibility.ZeroAccount.selector);
        register.setHolder(address(0), 1, 276, SOON, false);
        vm.expectPartialRevert(TLEligibility.ZeroAccount.selector);
        register.setVenue(address(0), keccak256(hex"00"), 1);
        vm.expectPartialRevert(TLEligibility.WrongCode.selector);
        register.setVenue(VENUE, keccak256(hex"01"), 1);
        vm.expectPartialRevert(TLEligibility.WrongCode.selector);
        register.setVenue(CAROL, CAROL.codehash, 1);
        register.setVenue(CAROL, 0, 0);
        _true(!register.isEligible(CAROL));
        vm.stopPrank();
    }

    function test_Register_Word_IsAsItIsRead() external {
        vm.prank(REGISTRY);
        register.setHolder(CAROL, 0xabcd, 0x1234, 0x1122334455667788, true);
        (uint16 class, uint16 country, uint64 validUntil, bool denied) = register.holders(CAROL);
        _true(class == 0xabcd && country == 0x1234 && validUntil == 0x1122334455667788 && denied);
        bytes32 slot = keccak256(abi.encode(CAROL, uint256(1)));
        _eq(uint256(vm.load(address(register), slot)), 0x1_1122334455667788_1234_abcd);
    }

    function test_ForcedTransfer_Enforcer_ReachesIntoFrozenUnits() external {
        vm.startPrank(ENFORCE);
        token.setFrozenTokens(ALICE, 90 * UNIT);
        vm.expectEmit(address(token));
        emit IERC7943Fungible.Frozen(ALICE, 60 * UNIT);
        vm.expectEmit(address(token));
        emit IERC7943Fungible.ForcedTransfer(ALICE, BOB, 40 * UNIT);
        _true(token.forcedTransfer(ALICE, BOB, 40 * UNIT));
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, CAROL));
        token.forcedTransfer(ALICE, CAROL, 1);
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, address(0)));
        token.forcedTransfer(ALICE, address(0), 1);
        vm.expectPartialRevert(IERC20Errors.ERC20InvalidSender.selector);
        token.forcedTransfer(address(0), BOB, 1);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        token.forcedTransfer(ALICE, BOB, 61 * UNIT);
        vm.stopPrank();
        _true(token.balanceOf(BOB) == 40 * UNIT && token.getFrozenTokens(ALICE) == 60 * UNIT);
        vm.expectRevert();
        token.forcedTransfer(ALICE, BOB, 1);
    }

    function test_Recover_LostAccount_MovesAllWithItsFreeze() external {
        vm.startPrank(ENFORCE);
        token.setFrozenTokens(ALICE, 70 * UNIT);
        token.setFrozenTokens(BOB, UNIT);
        vm.expectPartialRevert(IERC7943Fungible.ERC7943CannotReceive.selector);
        token.recover(ALICE, CAROL);
        vm.expectPartialRevert(IERC7943Fungible.ERC7943CannotReceive.selector);
        token.recover(ALICE, ALICE);
        token.recover(ALICE, BOB);
        _true(token.balanceOf(BOB) == 100 * UNIT && token.getFrozenTokens(BOB) == 71 * UNIT);
        _eq(token.getFrozenTokens(ALICE), type(uint256).max);
        // A frozen account's heir is frozen, and no sum of freezes runs over.
        open.setFrozenTokens(ALICE, type(uint256).max);
        open.setFrozenTokens(BOB, type(uint256).max);
        open.setAddressFrozen(ALICE, true);
        open.recover(ALICE, BOB);
        _eq(open.getFrozenTokens(BOB), type(uint256).max);
        open.setAddressFrozen(BOB, false);
        _eq(open.getFrozenTokens(BOB), type(uint248).max);
        // Nothing to move, nothing frozen.
        open.recover(CAROL, NOBODY);
        _eq(open.balanceOf(NOBODY), 0);
        vm.stopPrank();
        vm.expectRevert();
        token.recover(BOB, ALICE);
    }

    function test_Policy_OnlyTheTimelockChangesIt() external {
        address[5] memory roles = [GUARD, LIMIT, REGISTRY, ENFORCE, PAUSE];
        for (uint256 i = 0; i < roles.length; ++i) {
            vm.prank(roles[i]);
            vm.expectRevert();
            token.setPolicy(d.denylist);
        }
        _govern(address(token), abi.encodeCall(TLToken.setPolicy, (d.denylist)));
        vm.prank(ALICE);
        token.transfer(CAROL, UNIT);
        _eq(token.balanceOf(CAROL), UNIT);
    }

    function test_Policy_SilentOne_StopsTransfersAndRevertsNoView() external {
        vm.etch(address(d.denylist), hex"60006000fd");
        _silent();
        vm.etch(address(d.denylist), hex"00");
        _silent();
        // Answers 256, which is no code.
        vm.etch(address(d.denylist), hex"61010060005260206000f3");
        _silent();
        _true(open.canSend(ALICE));
    }

    function test_Views_AnyArguments_NeverRevert() external view {
        this.testFuzz_Views_NeverRevert(address(0), address(0), 0);
        this.testFuzz_Views_NeverRevert(ALICE, address(0), type(uint256).max);
        this.testFuzz_Views_NeverRevert(address(0), VENUE, type(uint256).max);
    }

    function testFuzz_Views_NeverRevert(address from, address to, uint256 amount) public view {
        TLToken[2] memory both = [token, open];
        for (uint256 i = 0; i < 2; ++i) {
            both[i].canSend(from);
            both[i].canReceive(to);
            both[i].getFrozenTokens(from);
            bool can = both[i].canTransfer(from, to, amount);
            uint8 code = both[i].detectTransferRestriction(from, to, amount);
            _true(!can || code == TLCodes.OK);
            both[i].messageForTransferRestriction(code);
        }
    }

    function testFuzz_Transfer_DoesWhatCanTransferSays(uint256 amount, uint256 frozen) external {
        vm.prank(ENFORCE);
        token.setFrozenTokens(ALICE, frozen % (150 * UNIT));
        amount = amount % (150 * UNIT);
        bool can = token.canTransfer(ALICE, BOB, amount);
        vm.prank(ALICE);
        (bool did,) = address(token).call(abi.encodeCall(token.transfer, (BOB, amount)));
        _true(can == did);
    }

    function test_Interfaces_AreSaid() external view {
        _true(token.supportsInterface(0x3edbb4c4) && token.supportsInterface(0x33331994));
        _true(token.supportsInterface(0x01ffc9a7) && !token.supportsInterface(0xffffffff));
    }

    function test_Messages_EachCodeHasItsOwn() external view {
        for (uint8 i = 0; i < 9; ++i) {
            for (uint8 j = 0; j < i; ++j) {
                _true(
                    keccak256(bytes(token.messageForTransferRestriction(i)))
                        != keccak256(bytes(token.messageForTransferRestriction(j)))
                );
            }
        }
    }

    function test_New_WrongContracts_Revert() external {
        vm.expectRevert(abi.encodeWithSelector(TLToken.NoContract.selector, NOBODY));
        _new(NOBODY, address(register), address(register));
        vm.expectRevert(abi.encodeWithSelector(TLToken.NoContract.selector, NOBODY));
        _new(address(bridge), NOBODY, address(register));
        vm.expectRevert(abi.encodeWithSelector(TLToken.NoContract.selector, NOBODY));
        _new(address(bridge), address(register), NOBODY);
        vm.expectPartialRevert(TLDenylist.NoRegister.selector);
        this.make("TLDenylist.sol:TLDenylist", abi.encode(NOBODY));
    }

    function _new(address bridge_, address register_, address policy) private {
        this.make(
            "TLToken.sol:TLToken",
            abi.encode("N", "S", 6, bridge_, register_, TLPolicy(policy), address(d.manager))
        );
    }

    function _silent() private {
        _eq(open.detectTransferRestriction(ALICE, BOB, UNIT), TLCodes.POLICY);
        _true(!open.canReceive(BOB) && !open.canTransfer(ALICE, BOB, UNIT));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(TLToken.Restricted.selector, TLCodes.POLICY));
        open.transfer(BOB, UNIT);
        _expectRejected(9, open, TLCodes.RESTRICTED + TLCodes.POLICY);
        _mint(open, _item(9, ALICE, UNIT), 200 * UNIT);
    }

    function _code(address from, address to, uint256 amount, uint8 code) private view {
        _eq(token.detectTransferRestriction(from, to, amount), code);
        _true(token.canTransfer(from, to, amount) == (code == TLCodes.OK));
    }

    function _refused(address to, uint256 amount, uint8 code, bytes memory why) private {
        _code(ALICE, to, amount, code);
        vm.prank(ALICE);
        vm.expectRevert(why);
        token.transfer(to, amount);
    }
}
